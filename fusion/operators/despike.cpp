#include "fusion/operators/despike.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace topobathy {
namespace {

constexpr int kMinFinite = 5;
constexpr float kInfinity = std::numeric_limits<float>::infinity();

bool is_spike(const Plane<float>& elevation, std::int64_t col, std::int64_t row, double threshold) {
  const double value = elevation.at(col, row);
  if (!std::isfinite(value)) return false;
  std::array<double, 9> finite;
  std::size_t count = 0;
  const std::int64_t last_row = std::min(row + 1, elevation.height() - 1);
  const std::int64_t last_col = std::min(col + 1, elevation.width() - 1);
  for (std::int64_t r = std::max<std::int64_t>(row - 1, 0); r <= last_row; ++r)
    for (std::int64_t c = std::max<std::int64_t>(col - 1, 0); c <= last_col; ++c)
      if (std::isfinite(elevation.at(c, r))) finite[count++] = elevation.at(c, r);
  if (count < kMinFinite) return false;
  std::sort(finite.begin(), finite.begin() + count);
  const double median = (finite[(count - 1) / 2] + finite[count / 2]) / 2.0;
  return std::abs(value - median) > threshold;
}

/// Smallest and largest value of each column over three rows, NaN left out, with one padding column
/// on each side.
struct ColumnRange {
  std::vector<float> low, high;

  explicit ColumnRange(std::int64_t width)
      : low(static_cast<std::size_t>(width + 2)), high(static_cast<std::size_t>(width + 2)) {}

  void gather(const Plane<float>& elevation, std::int64_t row) {
    std::fill(low.begin(), low.end(), kInfinity);
    std::fill(high.begin(), high.end(), -kInfinity);
    const std::int64_t last = std::min(row + 1, elevation.height() - 1);
    for (std::int64_t r = std::max<std::int64_t>(row - 1, 0); r <= last; ++r)
      include(elevation.row(r), elevation.width());
  }

 private:
  void include(const float* values, std::int64_t width) {
    float* const lows = low.data() + 1;
    float* const highs = high.data() + 1;
    for (std::int64_t c = 0; c < width; ++c) {  // a NaN fails both comparisons
      lows[c] = values[c] < lows[c] ? values[c] : lows[c];
      highs[c] = values[c] > highs[c] ? values[c] : highs[c];
    }
  }
};

/// A float difference at or below this is, before it was rounded, at or below the threshold.
float surely_within(double threshold) {
  return static_cast<float>(std::min(threshold * (1.0 - 0x1p-22), 1e38));
}

/// Marks what may be a spike: the median lies between the window's extremes, so a pixel within the
/// threshold of both is none. \return whether any pixel of the row is marked
bool mark_suspects(const float* values, std::int64_t width, const ColumnRange& range, float within,
                   std::vector<std::uint8_t>& suspects) {
  const float* const low = range.low.data();
  const float* const high = range.high.data();
  unsigned any = 0;
  for (std::int64_t c = 0; c < width; ++c) {
    const float left_low = low[c] < low[c + 1] ? low[c] : low[c + 1];
    const float left_high = high[c] > high[c + 1] ? high[c] : high[c + 1];
    const float lowest = left_low < low[c + 2] ? left_low : low[c + 2];
    const float highest = left_high > high[c + 2] ? left_high : high[c + 2];
    const unsigned suspect = static_cast<unsigned>(values[c] - lowest > within) |
                             static_cast<unsigned>(highest - values[c] > within);
    suspects[static_cast<std::size_t>(c)] = static_cast<std::uint8_t>(suspect);
    any |= suspect;
  }
  return any != 0;
}

}  // namespace

std::int64_t despike(Plane<float>& elevation, double threshold) {
  if (!(threshold > 0.0)) return 0;
  const std::int64_t width = elevation.width();
  const float within = surely_within(threshold);
  ColumnRange range(width);
  std::vector<std::uint8_t> suspects(static_cast<std::size_t>(width));
  std::vector<float*> spikes;
  for (std::int64_t row = 0; row < elevation.height(); ++row) {
    range.gather(elevation, row);
    if (!mark_suspects(elevation.row(row), width, range, within, suspects)) continue;
    for (std::int64_t col = 0; col < width; ++col)
      if (suspects[static_cast<std::size_t>(col)] != 0 && is_spike(elevation, col, row, threshold))
        spikes.push_back(&elevation.at(col, row));
  }
  for (float* spike : spikes)
    *spike = kNoValue;
  return static_cast<std::int64_t>(spikes.size());
}

}  // namespace topobathy
