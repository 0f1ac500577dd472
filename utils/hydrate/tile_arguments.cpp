#include "utils/hydrate/tile_arguments.h"

#include <algorithm>

#include "fusion/error.h"
#include "utils/json_values.h"
#include "utils/tiles/tile_cover.h"

namespace topobathy {
namespace {

/// Of a screen that shows a bay: what other programs take by default.
constexpr ZoomRange kDefaultZooms{13, 13};

/// "13" or "13-16".
ZoomRange read_zooms(const std::string& text) {
  const std::size_t dash = text.find('-', 1);
  ZoomRange zooms;
  const bool read = CLI::detail::lexical_cast(text.substr(0, dash), zooms.first) &&
                    CLI::detail::lexical_cast(
                        dash == std::string::npos ? text : text.substr(dash + 1), zooms.last);
  if (!read || zooms.first < 0 || zooms.last > kDeepestZoom || zooms.first > zooms.last)
    throw Error(ErrorCode::kUsage, "--zoom " + text + ": write a zoom or a range within 0 to " +
                                       std::to_string(kDeepestZoom) + ", such as 13 or 10-14");
  return zooms;
}

/// "chart,blues" as two. A vector of the parser would take the box for styles.
std::vector<std::string> split(const std::string& text) {
  return CLI::detail::split(text, ',');
}

}  // namespace

void TileArguments::declare(CLI::App& arguments) {
  area_.declare(arguments, "tiles");
  arguments.add_option("-c,--policy", policy_, "Policy file")->type_name("FILE");
  arguments
      .add_option("-z,--zoom", zooms_,
                  "Zoom of the tiles, or first and last; default: 13, or the tiles of the list")
      ->type_name("Z[-Z]");
  arguments.add_option("--style", styles_, "Styles of pictures, joined by commas, or all")
      ->type_name("NAME,...")
      ->default_str("chart");
  arguments.add_option("--format", formats_, "Formats, joined by commas (docs/tiles.md)")
      ->type_name("NAME,...")
      ->default_str("png");
  arguments.add_option("--tile-size", tile_size_, "Pixels along a tile's edge: 256 or 512")
      ->type_name("N")
      ->default_str("256");
  arguments.add_option("--vmin", vmin_, "Metres where the colours of the sea end")
      ->type_name("METRES");
  arguments.add_option("--vmax", vmax_, "Metres where the colours of the land end")
      ->type_name("METRES");
  open_.declare(arguments, {"CACHE_DIR", "OFFLINE", "ENDPOINTS"});
}

std::vector<std::string> TileArguments::look_words() const {
  std::vector<std::string> words;
  add_words(words, "--tile-size", std::to_string(tile_size_));
  add_words(words, "--vmin", vmin_ ? shown_number(*vmin_) : "");
  add_words(words, "--vmax", vmax_ ? shown_number(*vmax_) : "");
  return words;
}

/// The open options given, and the cache, which the environment may have named.
std::vector<std::string> TileArguments::open_words() const {
  std::vector<std::string> words = open_.words("CACHE_DIR");
  add_words(words, "--cache-dir", cache_root());
  return words;
}

std::vector<std::string> TileArguments::words() const {
  std::vector<std::string> words = area_.words();
  add_words(words, "--policy", absolute_path(policy_));
  add_words(words, "--zoom", zooms_);
  add_words(words, "--style", styles_);
  add_words(words, "--format", formats_);
  for (const auto& more : {look_words(), open_words()})
    words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::string TileArguments::cache_root() const {
  const std::string folder = open_.request("").cache_dir;
  return absolute_path(folder.empty() ? default_cache_root() : folder);
}

void TileArguments::check() const {
  area_.check();
  const ZoomRange zooms = this->zooms();
  for (const TileLook& look : looks())
    topobathy::check(request({{zooms.last, 0, 0}, look}));
}

void TileArguments::check_policy() const {
  if (policy_.empty()) throw Error(ErrorCode::kUsage, "no policy: give one with -c policy.yaml");
}

/// Each format, of pictures in each style.
std::vector<TileLook> TileArguments::looks() const {
  const auto styles = styles_ == "all" ? tile_style_names() : split(styles_);
  std::vector<TileLook> looks;
  for (const std::string& format : split(formats_)) {
    TileRequest request;
    request.format = tile_format(format);
    if (!request.is_picture()) looks.push_back({request.format, TileStyle::kChart});
    for (const std::string& style : styles)
      if (request.is_picture()) looks.push_back({request.format, tile_style(style)});
  }
  return looks;
}

ZoomRange TileArguments::zooms() const {
  if (!zooms_.empty()) return read_zooms(zooms_);
  return is_list() ? ZoomRange{0, kDeepestZoom} : kDefaultZooms;
}

TilePlan TileArguments::plan() const {
  const Shard shard = area_.shard();
  if (is_list()) {
    if (area_.order() != CellOrder::kRows)
      throw Error(ErrorCode::kUsage, "--priority: a list of tiles is gone through as it is");
    const std::string path = area_.tile_list();
    return TilePlan([=] { return tiles_of_list(path, shard); }, looks());
  }
  const auto begin = [area = area_.area(), zooms = zooms(), order = area_.order(), shard] {
    return tiles_of_area(area, zooms, order, shard);
  };
  return TilePlan(begin, looks());
}

LonLatBox TileArguments::bounds() const {
  if (!is_list()) return area_.area().bounds;
  LonLatBox box{180.0, 90.0, -180.0, -90.0};
  const TileStream stream = tiles_of_list(area_.tile_list(), area_.shard());
  while (const auto tile = stream()) {
    const LonLatBox one = tile_bounds(*tile);
    box.west = std::min(box.west, one.west);
    box.south = std::min(box.south, one.south);
    box.east = std::max(box.east, one.east);
    box.north = std::max(box.north, one.north);
  }
  return box;
}

TileRequest TileArguments::request(const PlannedTile& tile) const {
  TileRequest request;
  request.address = tile.address;
  request.tile_size = tile_size_;
  request.format = tile.look.format;
  request.style = tile.look.style;
  request.vmin = vmin_;
  request.vmax = vmax_;
  return request;
}

int TileArguments::pixel_zoom() const {
  return request({{(is_list() ? kDefaultZooms : zooms()).last, 0, 0}, {}}).pixel_zoom();
}

OpenRequest TileArguments::open() const {
  OpenRequest request = open_.request(policy_);
  request.cache_dir = cache_root();
  return request;
}

std::vector<std::string> TileArguments::worker_words() const {
  std::vector<std::string> words = open_words();
  const auto looks = look_words();
  words.insert(words.end(), looks.begin(), looks.end());
  words.push_back(absolute_path(policy_));
  return words;
}

}  // namespace topobathy
