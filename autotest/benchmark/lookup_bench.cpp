// Lookup of the assets that touch a window: lookup_bench FILE [--assets 20000] [--lookups 2000]
// FILE is a discovery cache (tier 4) of so many tiles like BlueTopo's, made when it is missing.
// Each lookup is what a provider does for a window of 0.05 degree: query and parse of the hits. One
// line of JSON: microseconds of the first lookup (with opening the file), median and 99 of 100 of
// the others.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "providers/archive/discovery_cache.h"

namespace {

using topobathy::Asset;
using topobathy::Discovery;
using topobathy::DiscoveryCache;
using topobathy::LonLatBox;
using Clock = std::chrono::steady_clock;

constexpr double kTile = 0.075, kWindow = 0.05;  // degrees
constexpr double kWest = -125.0, kSouth = 18.0;
constexpr char kBucket[] = "https://noaa-ocs-nationalbathymetry-pds.s3.amazonaws.com/BlueTopo/";

int tiles_across(int assets) {
  return static_cast<int>(std::ceil(std::sqrt(assets)));
}

/// Texts as long as the real ones.
Asset tile(int number, int across) {
  Asset asset;
  asset.id = "BH4" + std::to_string(100000 + number);
  const std::string name = asset.id + "/BlueTopo_" + asset.id + "_20240601.tiff";
  asset.url = kBucket + name;
  asset.sidecar_url = asset.url + ".aux.xml";
  asset.sha256 = asset.sidecar_sha256 = std::string(64, 'a');
  asset.revision = asset.sha256;
  asset.resolution = 4.0;
  const double west = kWest + number % across * kTile, south = kSouth + number / across * kTile;
  asset.box = {west, south, west + kTile, south + kTile};
  asset.heights.crs = "EPSG:5703";
  asset.record.provider = "noaa_bluetopo";
  asset.record.key = "file:" + name;
  asset.record.survey_id = asset.id;
  asset.record.institution = "National Oceanic and Atmospheric Administration";
  asset.record.license_name = "CC0-1.0";
  asset.record.license_url = "https://creativecommons.org/publicdomain/zero/1.0/";
  asset.record.vertical_datum = "NAVD88";
  asset.record.vertical_basis = "archive";
  asset.record.link = asset.url;
  return asset;
}

Discovery all_tiles(int assets) {
  Discovery found;
  found.seconds = 365LL * 86400;
  for (int i = 0; i < assets; ++i)
    found.assets.push_back(tile(i, tiles_across(assets)));
  return found;
}

struct Measured {
  std::vector<double> microseconds;  ///< of each lookup
  std::size_t hits = 0;
};

Measured look(DiscoveryCache& cache, int assets, int lookups) {
  const double span = tiles_across(assets) * kTile - kWindow;
  std::mt19937 random(std::random_device{}());
  std::uniform_real_distribution<double> place(0.0, span);
  Measured measured;
  for (int i = 0; i < lookups; ++i) {
    const double west = kWest + place(random), south = kSouth + place(random);
    const LonLatBox box{west, south, west + kWindow, south + kWindow};
    const auto start = Clock::now();
    measured.hits +=
        cache.find("all", box, [assets](const std::string&) { return all_tiles(assets); }).size();
    measured.microseconds.push_back(
        std::chrono::duration<double, std::micro>(Clock::now() - start).count());
  }
  return measured;
}

void print(Measured measured) {
  auto& all = measured.microseconds;
  const double first = all.front();
  const double hits = static_cast<double>(measured.hits) / static_cast<double>(all.size());
  all.erase(all.begin());
  std::sort(all.begin(), all.end());
  std::printf("{\"first\": %.1f, \"median\": %.1f, \"p99\": %.1f, \"hits\": %.2f}\n", first,
              all[all.size() / 2], all[all.size() * 99 / 100], hits);
}

void run(const std::string& path, int assets, int lookups) {
  DiscoveryCache::Setup setup;
  setup.path = path;
  if (!std::filesystem::exists(path)) {
    DiscoveryCache made(setup);
    look(made, assets, 1);
  }
  DiscoveryCache cache(setup);
  print(look(cache, assets, lookups + 1));
}

}  // namespace

int main(int count, char** arguments) {
  std::string path;
  int assets = 20000, lookups = 2000;
  for (int i = 1; i < count; ++i) {
    if (std::strcmp(arguments[i], "--assets") == 0 && i + 1 < count)
      assets = std::max(1, std::atoi(arguments[++i]));
    else if (std::strcmp(arguments[i], "--lookups") == 0 && i + 1 < count)
      lookups = std::max(1, std::atoi(arguments[++i]));
    else
      path = arguments[i];
  }
  try {
    run(path, assets, lookups);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "lookup_bench: %s\n", error.what());
    return 1;
  }
  return 0;
}
