#include "utils/hydrate/area_arguments.h"

#include <filesystem>

#include "fusion/error.h"
#include "utils/json_values.h"

namespace topobathy {
namespace {

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

}  // namespace

void parse_saved(CLI::App& parser, const std::vector<std::string>& words) {
  try {
    parser.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::ParseError& error) {
    throw Error(ErrorCode::kUsage,
                std::string("another version of the program began this job: ") + error.what());
  }
}

std::string absolute_path(const std::string& path) {
  if (path.empty() || path.rfind("/vsi", 0) == 0 || path.find("://") != std::string::npos)
    return path;
  return std::filesystem::absolute(path).string();
}

void add_words(std::vector<std::string>& words, const char* option, const std::string& value) {
  if (value.empty()) return;
  words.emplace_back(option);
  words.push_back(value);
}

void AreaArguments::declare(CLI::App& arguments, const std::string& units) {
  arguments
      .add_option("box", box_,
                  "West south east north, degrees; east < west crosses the antimeridian")
      ->type_name("W S E N")
      ->expected(4);
  arguments.add_option("--aoi", aoi_, "Instead of a box: the polygons of a file (GeoJSON)")
      ->type_name("FILE");
  arguments.add_option("--tile-list", tiles_, "Instead of a box: web tiles, one z/x/y a line")
      ->type_name("FILE");
  arguments
      .add_option("--shard", shard_, "One of N equal shares, disjoint and together all: 1/N to N/N")
      ->type_name("I/N");
  arguments.add_option("--priority", order_, "Which " + units + " come first")
      ->check(CLI::IsMember({"rows", "centre"}))
      ->default_str("rows");
}

std::vector<std::string> AreaArguments::words() const {
  std::vector<std::string> words;
  for (const double edge : box_)
    words.push_back(shown_number(edge));
  add_words(words, "--aoi", absolute_path(aoi_));
  add_words(words, "--tile-list", absolute_path(tiles_));
  add_words(words, "--shard", shard_);
  add_words(words, "--priority", order_);
  return words;
}

bool AreaArguments::given() const noexcept {
  return !box_.empty() || !aoi_.empty() || !tiles_.empty();
}

void AreaArguments::check() const {
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

HydrationArea AreaArguments::area() const {
  if (!aoi_.empty()) return HydrationArea::of_file(aoi_);
  if (!tiles_.empty()) return HydrationArea::of_tile_list(tiles_);
  return HydrationArea::of_box(box_);
}

CellOrder AreaArguments::order() const {
  return order_ == "centre" ? CellOrder::kCentre : CellOrder::kRows;
}

Shard AreaArguments::shard() const {
  return shard_.empty() ? Shard() : read_shard(shard_);
}

std::vector<std::string> AreaArguments::beyond_a_box() const {
  std::vector<std::string> names;
  if (!aoi_.empty()) names.emplace_back("--aoi");
  if (!tiles_.empty()) names.emplace_back("--tile-list");
  if (!shard_.empty()) names.emplace_back("--shard");
  if (order_ != "rows") names.emplace_back("--priority");
  return names;
}

}  // namespace topobathy
