// Decoding speed of raster files: decode_bench [--bands 1,2] [--rounds 5] FILE...
// Every tile of level 0 is read once a round, by one thread, cache empty; megapixels of raster a
// second, median of the rounds. The two paths take turns, so that a noisy machine hurts both alike.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include <gdal.h>

#include "fusion/window.h"
#include "providers/raster/block_reader.h"

namespace {

using topobathy::BlockReader;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

template <class Visit>
void for_each_tile(const topobathy::RasterLevel& level, const Visit& visit) {
  for (std::int64_t row = 0; row < topobathy::ceil_div(level.height, level.block_height); ++row) {
    for (std::int64_t col = 0; col < topobathy::ceil_div(level.width, level.block_width); ++col)
      visit(col, row);
  }
}

/// Reads each tile in all `bands`; the first brings the others along.
double read_all(BlockReader& reader, const std::vector<int>& bands) {
  const std::vector<int> siblings(bands.begin() + 1, bands.end());
  topobathy::drop_block_cache();
  const auto start = Clock::now();
  for_each_tile(reader.header().levels.front(), [&](std::int64_t col, std::int64_t row) {
    for (const int band : bands)
      reader.block(0, band, col, row, siblings);
  });
  return seconds_since(start);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// A tile that is in the cache, many times.
double hits_per_second(BlockReader& reader, int band) {
  constexpr int kHits = 1000000;
  reader.block(0, band, 0, 0, {});
  const auto start = Clock::now();
  for (int i = 0; i < kHits; ++i)
    reader.block(0, band, 0, 0, {});
  return kHits / seconds_since(start);
}

void measure(const std::string& path, const std::vector<int>& bands, int rounds) {
  topobathy::RasterOpenOptions through_gdal;
  through_gdal.fast_path = false;
  const auto opening = Clock::now();
  const auto fast = topobathy::open_raster(path, {});
  const double open_ms = seconds_since(opening) * 1e3;
  const auto plain = topobathy::open_raster(path, through_gdal);
  std::vector<double> fast_seconds, plain_seconds;
  for (int i = 0; i < rounds; ++i) {
    fast_seconds.push_back(read_all(*fast, bands));
    plain_seconds.push_back(read_all(*plain, bands));
  }
  const auto& level = fast->header().levels.front();
  const double megapixels = static_cast<double>(level.width * level.height) / 1e6;
  std::printf(
      "%s  open %.2f ms, fast path %.0f Mpx/s, GDAL %.0f Mpx/s, %.1f million cache hits/s\n",
      path.c_str(), open_ms, megapixels / median(fast_seconds), megapixels / median(plain_seconds),
      hits_per_second(*fast, bands.front()) / 1e6);
}

std::vector<int> parse_bands(const char* text) {
  std::vector<int> bands;
  for (char* at = nullptr; *text != '\0'; text = *at == ',' ? at + 1 : at) {
    const long band = std::strtol(text, &at, 10);
    if (at == text) throw std::invalid_argument("--bands wants numbers such as 1,2");
    bands.push_back(static_cast<int>(band));
  }
  return bands;
}

}  // namespace

int main(int count, char** arguments) {
  GDALAllRegister();
  std::vector<int> bands{1};
  int rounds = 5;
  try {
    for (int i = 1; i < count; ++i) {
      if (std::strcmp(arguments[i], "--bands") == 0 && i + 1 < count)
        bands = parse_bands(arguments[++i]);
      else if (std::strcmp(arguments[i], "--rounds") == 0 && i + 1 < count)
        rounds = std::max(1, std::atoi(arguments[++i]));
      else
        measure(arguments[i], bands, rounds);
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "decode_bench: %s\n", error.what());
    return 1;
  }
  return 0;
}
