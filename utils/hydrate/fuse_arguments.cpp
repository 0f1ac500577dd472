#include "utils/hydrate/fuse_arguments.h"

#include <algorithm>
#include <filesystem>

#include "fusion/error.h"
#include "providers/object_store/cache_place.h"
#include "utils/json_values.h"

namespace topobathy {
namespace {

constexpr char kWebMercator[] = "EPSG:3857";

std::string absolute_path(const std::string& path) {
  const bool virtual_file = path.rfind("/vsi", 0) == 0 || path.find("://") != std::string::npos;
  return virtual_file ? path : std::filesystem::absolute(path).string();
}

/// "2/5": the second of five.
Shard read_shard(const std::string& text) {
  const auto refuse = [&] {
    throw Error(
        ErrorCode::kUsage,
        "--shard " + text + ": write I/N with 1 <= I <= N, such as 2/5 for the second of five");
  };
  const std::size_t slash = text.find('/');
  Shard shard;
  if (slash == std::string::npos ||
      !CLI::detail::lexical_cast(text.substr(0, slash), shard.number) ||
      !CLI::detail::lexical_cast(text.substr(slash + 1), shard.count) || shard.number < 1 ||
      shard.number > shard.count)
    refuse();
  return shard;
}

void add(std::vector<std::string>& words, const char* option, const std::string& value) {
  if (value.empty()) return;
  words.emplace_back(option);
  words.push_back(value);
}

}  // namespace

void FuseArguments::declare(CLI::App& arguments) {
  arguments
      .add_option("box", box_,
                  "West south east north, degrees; east < west crosses the antimeridian")
      ->type_name("W S E N")
      ->expected(4);
  arguments.add_option("-c,--policy", policy_, "Policy file")->type_name("FILE");
  open_.declare(arguments, {"r,RESOLUTION", "z,ZOOM", "CRS", "CACHE_DIR", "OFFLINE", "ENDPOINTS"});
  arguments
      .add_option("--levels", levels_,
                  "Levels to make: the finest and overviews, each half as fine")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  arguments.add_option("--aoi", aoi_, "Instead of a box: the polygons of a file (GeoJSON)")
      ->type_name("FILE");
  arguments.add_option("--tile-list", tiles_, "Instead of a box: web tiles, one z/x/y a line")
      ->type_name("FILE");
  arguments
      .add_option("--shard", shard_, "One of N equal shares, disjoint and together all: 1/N to N/N")
      ->type_name("I/N");
  arguments.add_option("--priority", order_, "Which cells come first")
      ->check(CLI::IsMember({"rows", "centre"}))
      ->default_str("rows");
}

bool FuseArguments::given() const {
  return !box_.empty() || !aoi_.empty() || !tiles_.empty() || !policy_.empty();
}

std::vector<std::string> FuseArguments::words() const {
  std::vector<std::string> words;
  for (const double edge : box_)
    words.push_back(shown_number(edge));
  add(words, "--policy", absolute_path(policy_));
  add(words, "--aoi", aoi_.empty() ? "" : absolute_path(aoi_));
  add(words, "--tile-list", tiles_.empty() ? "" : absolute_path(tiles_));
  add(words, "--shard", shard_);
  add(words, "--priority", order_);
  add(words, "--levels", std::to_string(levels_));
  const auto open = open_words();
  words.insert(words.end(), open.begin(), open.end());
  return words;
}

std::string FuseArguments::cache_root() const {
  const std::string folder = open_.request("").cache_dir;
  return absolute_path(folder.empty() ? default_cache_root() : folder);
}

std::string FuseArguments::job_root() const {
  return local_cache_folder(cache_root());
}

/// The open options given, and the cache, which the environment may have named.
std::vector<std::string> FuseArguments::open_words() const {
  std::vector<std::string> words = open_.words("CACHE_DIR");
  add(words, "--cache-dir", cache_root());
  return words;
}

void FuseArguments::check() const {
  if (policy_.empty()) throw Error(ErrorCode::kUsage, "no policy: give one with -c policy.yaml");
  const int areas = (box_.empty() ? 0 : 1) + (aoi_.empty() ? 0 : 1) + (tiles_.empty() ? 0 : 1);
  if (areas == 0)
    throw Error(ErrorCode::kUsage,
                "no area: give west south east north, --aoi FILE or --tile-list FILE");
  if (areas > 1)
    throw Error(ErrorCode::kUsage,
                "more than one area: a box, --aoi and --tile-list exclude each "
                "other");
  shard();
}

HydrationArea FuseArguments::area() const {
  if (!aoi_.empty()) return HydrationArea::of_file(aoi_);
  if (!tiles_.empty()) return HydrationArea::of_tile_list(tiles_);
  return HydrationArea::of_box(box_);
}

OpenRequest FuseArguments::request(const LonLatBox& bounds) const {
  OpenRequest request = open_.request(policy_);
  request.bbox = bounds;
  request.cache_dir = cache_root();
  if (request.zoom && !request.crs) request.crs = kWebMercator;
  return request;
}

std::vector<std::string> FuseArguments::worker_words(const LonLatBox& bounds,
                                                     bool extent_is_bounds) const {
  std::vector<std::string> words = open_words();
  if (open_.given("ZOOM") && !open_.given("CRS")) add(words, "--crs", kWebMercator);
  if (extent_is_bounds)
    add(words, "--bbox",
        shown_number(bounds.west) + ',' + shown_number(bounds.south) + ',' +
            shown_number(bounds.east) + ',' + shown_number(bounds.north));
  words.push_back(absolute_path(policy_));
  return words;
}

int FuseArguments::levels(const FusedRaster& raster) const {
  if (levels_ <= raster.coarsest_level() + 1) return levels_;
  throw Error(ErrorCode::kUsage, "--levels " + std::to_string(levels_) + ": this raster has " +
                                     std::to_string(raster.coarsest_level() + 1));
}

CellOrder FuseArguments::order() const {
  return order_ == "centre" ? CellOrder::kCentre : CellOrder::kRows;
}

Shard FuseArguments::shard() const {
  return shard_.empty() ? Shard() : read_shard(shard_);
}

std::optional<int> FuseArguments::zoom() const {
  return open_.request(policy_).zoom;
}

SavedFuseArguments::SavedFuseArguments(const std::vector<std::string>& words) {
  arguments_.declare(parser_);
  try {
    parser_.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::ParseError& error) {
    throw Error(ErrorCode::kUsage,
                std::string("another version of the program began this job: ") + error.what());
  }
}

}  // namespace topobathy
