#include "utils/tiles/contour_levels.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace topobathy {
namespace {

/// Up to `limit` metres from the shore, up or down, a line each `step`.
struct Span {
  int limit;
  double step;
};
constexpr int kFarthest = 12000;  // beyond the deepest trench and the highest peak

struct Zooms {
  int from;  ///< and deeper
  std::array<Span, 5> spans;
};
constexpr std::array<Zooms, 8> kZooms = {{
    {17, {{{20, 0.5}, {50, 1}, {200, 5}, {1000, 20}, {kFarthest, 100}}}},
    {15, {{{20, 1}, {50, 2}, {200, 10}, {1000, 50}, {kFarthest, 200}}}},
    {13, {{{20, 2}, {50, 5}, {200, 20}, {1000, 100}, {kFarthest, 500}}}},
    {11, {{{20, 5}, {50, 10}, {200, 50}, {1000, 100}, {kFarthest, 500}}}},
    {9, {{{20, 10}, {50, 10}, {200, 50}, {1000, 200}, {kFarthest, 1000}}}},
    {7, {{{20, 20}, {100, 50}, {200, 100}, {1000, 500}, {kFarthest, 1000}}}},
    {5, {{{20, 20}, {200, 100}, {1000, 500}, {2000, 1000}, {kFarthest, 1000}}}},
    {0, {{{200, 200}, {1000, 1000}, {2000, 1000}, {4000, 2000}, {kFarthest, 2000}}}},
}};

std::vector<ContourLevel> make(const Zooms& zooms) {
  std::vector<ContourLevel> levels = {{0.0F, true}};
  double from = 0.0;
  for (const Span& span : zooms.spans) {
    for (double metres = (std::floor(from / span.step) + 1.0) * span.step; metres <= span.limit;
         metres += span.step) {
      const bool major = std::fmod(metres, 5.0 * span.step) == 0.0;
      levels.push_back({static_cast<float>(metres), major});
      levels.push_back({static_cast<float>(-metres), major});
    }
    from = span.limit;
  }
  std::sort(levels.begin(), levels.end(),
            [](const ContourLevel& a, const ContourLevel& b) { return a.metres < b.metres; });
  return levels;
}

}  // namespace

const std::vector<ContourLevel>& contour_levels(int pixel_zoom) {
  static const auto levels = [] {
    std::array<std::vector<ContourLevel>, kZooms.size()> all;
    std::transform(kZooms.begin(), kZooms.end(), all.begin(), make);
    return all;
  }();
  for (std::size_t i = 0; i < kZooms.size(); ++i)
    if (pixel_zoom >= kZooms[i].from) return levels[i];
  return levels.back();
}

}  // namespace topobathy
