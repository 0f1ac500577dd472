#include "utils/tiles/contours.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "utils/tiles/smooth.h"

namespace topobathy {
namespace {

/// A point of a square, in pixels from its north-western pixel's centre.
struct Point {
  float x, y;
};
struct Segment {
  Point from, to;
};

/// The heights at a square's corners.
struct Square {
  float nw, ne, sw, se;
  float lowest() const noexcept { return std::min(std::min(nw, ne), std::min(sw, se)); }
  float highest() const noexcept { return std::max(std::max(nw, ne), std::max(sw, se)); }
};

/// Where a level lies between two corners. Always asked west to east and north to south, so that
/// both squares at an edge find the same point.
float crossing(float from, float to, float level) noexcept {
  return (level - from) / (to - from);
}

/// Marching squares: a corner is in when it is not below the level. A saddle is cut by the mean of
/// its corners.
int segments_of(const Square& q, float level, std::array<Segment, 2>& out) noexcept {
  const bool nw = q.nw >= level, ne = q.ne >= level, sw = q.sw >= level, se = q.se >= level;
  const Point north{crossing(q.nw, q.ne, level), 0.0F}, south{crossing(q.sw, q.se, level), 1.0F};
  const Point west{0.0F, crossing(q.nw, q.sw, level)}, east{1.0F, crossing(q.ne, q.se, level)};
  std::array<Point, 4> points;
  std::size_t count = 0;
  if (nw != ne) points[count++] = north;
  if (nw != sw) points[count++] = west;
  if (sw != se) points[count++] = south;
  if (ne != se) points[count++] = east;
  if (count == 2) {
    out[0] = {points[0], points[1]};
    return 1;
  }
  if (count == 0) return 0;
  const bool middle = (q.nw + q.ne + (q.sw + q.se)) * 0.25F >= level;
  const bool cut_off_nw = middle != nw;  // its corner, and the one across, stand alone
  out[0] = cut_off_nw ? Segment{north, west} : Segment{north, east};
  out[1] = cut_off_nw ? Segment{south, east} : Segment{south, west};
  return 2;
}

float distance(const Segment& s, Point p) noexcept {
  const float dx = s.to.x - s.from.x, dy = s.to.y - s.from.y;
  const float length2 = dx * dx + dy * dy;
  float t = length2 > 0.0F ? ((p.x - s.from.x) * dx + (p.y - s.from.y) * dy) / length2 : 0.0F;
  t = std::min(1.0F, std::max(0.0F, t));
  const float x = s.from.x + t * dx - p.x, y = s.from.y + t * dy - p.y;
  return std::sqrt(x * x + y * y);
}

Line line_of(const ContourLevel& level) noexcept {
  if (level.metres == 0.0F) return Line::kShore;
  if (level.metres < 0.0F) return level.major ? Line::kSeaMajor : Line::kSea;
  return level.major ? Line::kLandMajor : Line::kLand;
}

/// Pixels from a line's middle to its edge.
float half_width(Line line) noexcept {
  if (line == Line::kShore) return 0.8F;
  return line == Line::kSea || line == Line::kLand ? 0.35F : 0.65F;
}

class Drawing {
 public:
  Drawing(std::int64_t width, std::int64_t height) : pixels_(width, height) {}

  /// `col`, `row`: the square's north-western pixel in the drawing; may lie beside it.
  void add(const Segment& segment, Line line, std::int64_t col, std::int64_t row) {
    const float reach = half_width(line) + 0.5F;
    for (std::int64_t y = -1; y <= 2; ++y)
      for (std::int64_t x = -1; x <= 2; ++x) {
        if (!inside(col + x, row + y)) continue;
        const float gap = distance(segment, {static_cast<float>(x), static_cast<float>(y)});
        const float cover = std::min(1.0F, reach - gap);
        if (cover > 0.0F) cover_pixel(col + x, row + y, line, cover);
      }
  }
  Plane<LinePixel> take() { return std::move(pixels_); }

 private:
  bool inside(std::int64_t c, std::int64_t r) const noexcept {
    return c >= 0 && r >= 0 && c < pixels_.width() && r < pixels_.height();
  }
  /// The line that covers most of a pixel shows in it, the more important of equals.
  void cover_pixel(std::int64_t c, std::int64_t r, Line line, float cover) noexcept {
    LinePixel& pixel = pixels_.at(c, r);
    const auto parts = static_cast<std::uint8_t>(std::lround(cover * kFullCover));
    if (parts > pixel.cover || (parts == pixel.cover && parts > 0 && line > pixel.line))
      pixel = {line, parts};
  }

  Plane<LinePixel> pixels_;
};

using Levels = std::vector<ContourLevel>;

/// On a slope with a line in every pixel only the stronger ones are drawn, and no more than four.
void draw_square(const Square& q, const Levels& levels, std::int64_t col, std::int64_t row,
                 Drawing& drawing) {
  constexpr std::ptrdiff_t kSeparate = 2, kMost = 4;
  const auto below = [](const ContourLevel& level, float metres) { return level.metres <= metres; };
  const auto first = std::lower_bound(levels.begin(), levels.end(), q.lowest(), below);
  const auto last = std::lower_bound(first, levels.end(), q.highest(), below);
  std::ptrdiff_t drawn = 0;
  for (auto level = first; level != last && drawn < kMost; ++level) {
    if (last - first > kSeparate && !level->major) continue;
    ++drawn;
    std::array<Segment, 2> segments;
    const int count = segments_of(q, level->metres, segments);
    for (int i = 0; i < count; ++i)
      drawing.add(segments[static_cast<std::size_t>(i)], line_of(*level), col, row);
  }
}

void clear_where_nothing_is(const Plane<float>& elevation, std::int64_t left, std::int64_t top,
                            Plane<LinePixel>& lines) {
  for (std::int64_t r = 0; r < lines.height(); ++r)
    for (std::int64_t c = 0; c < lines.width(); ++c)
      if (std::isnan(elevation.at(left + c, top + r))) lines.at(c, r) = {};
}

}  // namespace

Plane<LinePixel> draw_contours(const Plane<float>& elevation, const LatticeWindow& window,
                               const LatticeWindow& drawn,
                               const std::vector<ContourLevel>& levels) {
  const Plane<float> heights = smooth(elevation);
  const std::int64_t left = drawn.col - window.col, top = drawn.row - window.row;
  Drawing drawing(drawn.width, drawn.height);
  // Pixel (c, r) of the drawing is (left + c - kSmoothMargin, ...) of the smoothed heights.
  for (std::int64_t r = -2; r < drawn.height + 1; ++r)
    for (std::int64_t c = -2; c < drawn.width + 1; ++c) {
      const std::int64_t x = left + c - kSmoothMargin, y = top + r - kSmoothMargin;
      const Square square{heights.at(x, y), heights.at(x + 1, y), heights.at(x, y + 1),
                          heights.at(x + 1, y + 1)};
      if (std::isnan(square.nw + square.ne + (square.sw + square.se))) continue;
      draw_square(square, levels, c, r, drawing);
    }
  Plane<LinePixel> lines = drawing.take();
  clear_where_nothing_is(elevation, left, top, lines);
  return lines;
}

}  // namespace topobathy
