#include <algorithm>
#include <cmath>

#include "utils/serve/analysis/quality.h"

namespace topobathy {
namespace {

constexpr double kDegrees = 57.29577951308232;

/// The height difference across a pixel along one axis, per pixel: central where both neighbours
/// have a value, else to the one that has; 0 without any. \param[out] step the larger of both
double difference(double before, double here, double after, double& step) {
  const double back = here - before, ahead = after - here;
  const bool has_back = !std::isnan(back), has_ahead = !std::isnan(ahead);
  step = std::max(has_back ? std::abs(back) : 0.0, has_ahead ? std::abs(ahead) : 0.0);
  if (has_back && has_ahead) return (back + ahead) / 2.0;
  return has_back ? back : has_ahead ? ahead : 0.0;
}

struct Steepness {
  double slope = 0.0;  ///< degrees
  double step = 0.0;   ///< metres
};

class SlopeOf {
 public:
  SlopeOf(const Lattice& lattice, const LayerPlanes& planes)
      : lattice_(lattice), heights_(planes.elevation), top_(planes.window.row) {}

  void begin_row(std::int64_t row) {
    row_ = row;
    ground_ = lattice_.ground_pixel(top_ + row);
  }
  Steepness at(std::int64_t col) const {
    const double here = height(col, row_);
    double across = 0.0, along = 0.0;
    const double dx = difference(height(col - 1, row_), here, height(col + 1, row_), across);
    const double dy = difference(height(col, row_ - 1), here, height(col, row_ + 1), along);
    // A step between two neighbours is as steep as it is, whatever lies beyond.
    const double gradient = std::max({std::hypot(dx / ground_.width, dy / ground_.height),
                                      across / ground_.width, along / ground_.height});
    return {std::atan(gradient) * kDegrees, std::max(across, along)};
  }

 private:
  double height(std::int64_t col, std::int64_t row) const {
    const bool inside = col >= 0 && row >= 0 && col < heights_.width() && row < heights_.height();
    return inside ? heights_.at(col, row) : kNoValue;
  }

  const Lattice& lattice_;
  const Plane<float>& heights_;
  const std::int64_t top_;
  std::int64_t row_ = 0;
  GroundPixel ground_;
};

using Marks = Plane<std::uint8_t>;

/// Takes the steep pixels around one, and them out of the marks.
template <class Visit>
void take_connected(Marks& marks, std::int64_t col, std::int64_t row, const Visit& visit) {
  std::vector<std::pair<std::int64_t, std::int64_t>> waiting{{col, row}};
  marks.at(col, row) = 0;
  while (!waiting.empty()) {
    const auto [c, r] = waiting.back();
    waiting.pop_back();
    visit(c, r);
    for (std::int64_t y = std::max<std::int64_t>(0, r - 1); y <= r + 1 && y < marks.height(); ++y)
      for (std::int64_t x = std::max<std::int64_t>(0, c - 1); x <= c + 1 && x < marks.width(); ++x)
        if (marks.at(x, y) != 0) {
          marks.at(x, y) = 0;
          waiting.emplace_back(x, y);
        }
  }
}

Cliff take_cliff(Marks& marks, const Plane<float>& heights, SlopeOf& slopes, std::int64_t col,
                 std::int64_t row) {
  Cliff cliff;
  take_connected(marks, col, row, [&](std::int64_t c, std::int64_t r) {
    slopes.begin_row(r);
    const Steepness how = slopes.at(c);
    ++cliff.pixels;
    cliff.step = std::max(cliff.step, how.step);
    if (how.slope <= cliff.slope) return;
    cliff.slope = how.slope;
    cliff.col = c, cliff.row = r;
    cliff.elevation = heights.at(c, r);
  });
  return cliff;
}

/// Marks what is steep. \returns how many
std::int64_t mark_steep(const Plane<float>& heights, SlopeOf& slopes, const QualityRules& rules,
                        double& max_slope, Marks& marks) {
  std::int64_t count = 0;
  for (std::int64_t r = 0; r < heights.height(); ++r) {
    slopes.begin_row(r);
    for (std::int64_t c = 0; c < heights.width(); ++c) {
      if (std::isnan(heights.at(c, r))) continue;
      const Steepness how = slopes.at(c);
      max_slope = std::max(max_slope, how.slope);
      if (how.slope <= rules.cliff_degrees || how.step <= rules.cliff_metres) continue;
      marks.at(c, r) = 1;
      ++count;
    }
  }
  return count;
}

}  // namespace

void find_cliffs(const Lattice& lattice, const LayerPlanes& planes, const QualityRules& rules,
                 Quality& quality) {
  const Plane<float>& heights = planes.elevation;
  SlopeOf slopes(lattice, planes);
  Marks marks(heights.width(), heights.height());
  quality.steep_pixels = mark_steep(heights, slopes, rules, quality.max_slope, marks);
  for (std::int64_t r = 0; r < heights.height(); ++r)
    for (std::int64_t c = 0; c < heights.width(); ++c)
      if (marks.at(c, r) != 0) quality.cliffs.push_back(take_cliff(marks, heights, slopes, c, r));
  std::stable_sort(quality.cliffs.begin(), quality.cliffs.end(),
                   [](const Cliff& a, const Cliff& b) { return a.step > b.step; });
}

}  // namespace topobathy
