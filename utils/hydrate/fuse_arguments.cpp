#include "utils/hydrate/fuse_arguments.h"

#include "fusion/error.h"
#include "utils/json_values.h"

namespace topobathy {
namespace {

constexpr char kWebMercator[] = "EPSG:3857";

}  // namespace

void FuseArguments::declare(CLI::App& arguments) {
  area_.declare(arguments, "cells");
  arguments.add_option("-c,--policy", policy_, "Policy file")->type_name("FILE");
  open_.declare(arguments, {"r,RESOLUTION", "z,ZOOM", "CRS", "CACHE_DIR", "OFFLINE", "ENDPOINTS"});
  arguments
      .add_option("--levels", levels_,
                  "Levels to make: the finest and overviews, each half as fine")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
}

bool FuseArguments::given() const {
  return area_.given() || !policy_.empty();
}

std::vector<std::string> FuseArguments::words() const {
  std::vector<std::string> words = area_.words();
  add_words(words, "--policy", absolute_path(policy_));
  add_words(words, "--levels", std::to_string(levels_));
  const auto open = open_words();
  words.insert(words.end(), open.begin(), open.end());
  return words;
}

std::string FuseArguments::cache_root() const {
  const std::string folder = open_.request("").cache_dir;
  return absolute_path(folder.empty() ? default_cache_root() : folder);
}

/// The open options given, and the cache, which the environment may have named.
std::vector<std::string> FuseArguments::open_words() const {
  std::vector<std::string> words = open_.words("CACHE_DIR");
  add_words(words, "--cache-dir", cache_root());
  return words;
}

void FuseArguments::check() const {
  if (policy_.empty()) throw Error(ErrorCode::kUsage, "no policy: give one with -c policy.yaml");
  area_.check();
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
  if (open_.given("ZOOM") && !open_.given("CRS")) add_words(words, "--crs", kWebMercator);
  if (extent_is_bounds)
    add_words(words, "--bbox",
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

std::optional<int> FuseArguments::zoom() const {
  return open_.request(policy_).zoom;
}

std::optional<double> FuseArguments::resolution() const {
  return open_.request(policy_).resolution;
}

}  // namespace topobathy
