// Times random windows of any GDAL dataset and prints one JSON object:
//   read_windows DATASET [--windows N] [--bands 1,3] [--oo KEY=VALUE]
// The first pass finds nothing in this process's memory but what its own windows share; the
// following ones read the same windows again; with --forget every window starts from nothing. Two
// datasets of one size and seed are asked for the same windows, and `valid` and `sum` tell whether
// they gave the same pixels.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <cpl_string.h>
#include <gdal_priv.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Settings {
  std::string dataset;
  int windows = 100;
  int size = 256;
  int within = 0;  ///< windows come from so many pixels squared at the centre; 0: from anywhere
  int passes = 2;
  bool forget = false;  ///< drop what the dataset holds in memory before each window
  unsigned seed = 1;
  std::vector<int> bands = {1};
  std::vector<std::string> open_options;
};

struct Corner {
  int x;
  int y;
};

/// What was read, as far as two datasets can be compared by it.
struct Content {
  std::int64_t valid = 0;
  double sum = 0;  ///< added in reading order, so equal pixels give equal bits

  void add(const std::vector<float>& pixels) {
    for (const float pixel : pixels) {
      if (std::isnan(pixel)) continue;
      ++valid;
      sum += static_cast<double>(pixel);
    }
  }
};

GDALDatasetUniquePtr open_dataset(const Settings& settings) {
  CPLStringList options;
  for (const std::string& option : settings.open_options)
    options.AddString(option.c_str());
  GDALDatasetUniquePtr dataset(GDALDataset::Open(
      settings.dataset.c_str(), GDAL_OF_RASTER | GDAL_OF_VERBOSE_ERROR, nullptr, options.List()));
  if (!dataset) throw std::runtime_error("cannot open " + settings.dataset);
  return dataset;
}

/// Where windows may begin along an axis of `length` pixels.
std::uniform_int_distribution<int> beginnings(int length, const Settings& settings) {
  const int span = settings.within > 0 ? std::min(settings.within, length) : length;
  if (span < settings.size) throw std::runtime_error("the raster is smaller than a window");
  const int first = (length - span) / 2;
  return std::uniform_int_distribution<int>(first, first + span - settings.size);
}

std::vector<Corner> draw_corners(GDALDataset& dataset, const Settings& settings) {
  std::mt19937 random(settings.seed);
  auto any_x = beginnings(dataset.GetRasterXSize(), settings);
  auto any_y = beginnings(dataset.GetRasterYSize(), settings);
  std::vector<Corner> corners;
  for (int i = 0; i < settings.windows; ++i) {
    const int x = any_x(random);
    corners.push_back({x, any_y(random)});
  }
  return corners;
}

/// Reads every window once. \returns seconds spent in RasterIO
double read_pass(GDALDataset& dataset, const Settings& settings, const std::vector<Corner>& corners,
                 Content& content) {
  const auto side = static_cast<std::size_t>(settings.size);
  std::vector<float> pixels(side * side * settings.bands.size());
  std::vector<int> bands = settings.bands;
  double seconds = 0;
  for (const Corner& corner : corners) {
    if (settings.forget) dataset.FlushCache(false);
    const auto start = Clock::now();
    const CPLErr result = dataset.RasterIO(
        GF_Read, corner.x, corner.y, settings.size, settings.size, pixels.data(), settings.size,
        settings.size, GDT_Float32, static_cast<int>(bands.size()), bands.data(), 0, 0, 0, nullptr);
    seconds += seconds_since(start);
    if (result != CE_None) throw std::runtime_error("a window cannot be read");
    content.add(pixels);
  }
  return seconds;
}

Settings parse_arguments(int argc, char** argv) {
  Settings settings;
  CLI::App app("Times random windows of a raster");
  app.add_option("dataset", settings.dataset, "anything GDAL opens")->required();
  app.add_option("--windows", settings.windows, "windows a pass")->check(CLI::PositiveNumber);
  app.add_option("--size", settings.size, "edge of a window, pixels")->check(CLI::PositiveNumber);
  app.add_option("--within", settings.within, "only from so many pixels squared at the centre");
  app.add_option("--passes", settings.passes, "how often")->check(CLI::PositiveNumber);
  app.add_flag("--forget", settings.forget, "FlushCache() before each window, not timed");
  app.add_option("--seed", settings.seed, "of the windows' places");
  app.add_option("--bands", settings.bands, "band numbers")->delimiter(',');
  app.add_option("--oo", settings.open_options, "open option, KEY=VALUE")->expected(1)->take_all();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error));
  }
  return settings;
}

void measure(const Settings& settings) {
  GDALAllRegister();
  const auto start = Clock::now();
  const GDALDatasetUniquePtr dataset = open_dataset(settings);
  const double opening = seconds_since(start);
  const std::vector<Corner> corners = draw_corners(*dataset, settings);
  Content content;
  std::vector<double> passes;
  for (int pass = 0; pass < settings.passes; ++pass)
    passes.push_back(read_pass(*dataset, settings, corners, content));
  std::cout << nlohmann::json{{"open_seconds", opening},
                              {"pass_seconds", passes},
                              {"windows", settings.windows},
                              {"valid", content.valid},
                              {"sum", content.sum}}
            << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  try {
    measure(parse_arguments(argc, argv));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "read_windows: %s\n", error.what());
    return 1;
  }
}
