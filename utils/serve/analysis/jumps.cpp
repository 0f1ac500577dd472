#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>

#include "utils/serve/analysis/quality.h"

namespace topobathy {
namespace {

/// Pixels looked at on each side of a border, and the fewest that tell anything.
constexpr int kReach = 6;
constexpr int kFewest = 3;
/// Borders are judged in squares of so many pixels, so that a jump on a part of a long border is
/// not lost in the rest.
constexpr std::int64_t kSquare = 64;
/// Fewer edges are no border but speckle.
constexpr std::size_t kFewestEdges = 8;

/// The heights of one source beside a border, from the border away.
struct Side {
  double mean = 0.0;       ///< difference from pixel to pixel, away from the border
  double roughness = 0.0;  ///< root mean square of the differences about their mean
};

class Borders {
 public:
  explicit Borders(const LayerPlanes& planes) : planes_(planes) {}

  /// The edge between a pixel and its neighbour to the right, or below.
  std::optional<BorderEdge> edge(std::int64_t col, std::int64_t row, bool upright) const {
    const std::int64_t dx = upright ? 1 : 0, dy = 1 - dx;
    const SourceId here = planes_.source.at(col, row);
    const SourceId there = planes_.source.at(col + dx, row + dy);
    if (here == there || here == kNoSource || there == kNoSource) return std::nullopt;
    const auto before = side(col, row, -dx, -dy);
    const auto after = side(col + dx, row + dy, dx, dy);
    if (!before || !after) return std::nullopt;
    const double step = static_cast<double>(planes_.elevation.at(col + dx, row + dy)) -
                        static_cast<double>(planes_.elevation.at(col, row));
    const double beyond = step - (after->mean - before->mean) / 2.0;
    return BorderEdge{col, row, upright, here < there ? beyond : -beyond,
                      std::max(before->roughness, after->roughness)};
  }

 private:
  std::optional<Side> side(std::int64_t col, std::int64_t row, std::int64_t dx,
                           std::int64_t dy) const {
    const SourceId source = planes_.source.at(col, row);
    std::vector<double> differences;
    double last = planes_.elevation.at(col, row);
    for (int i = 1; i < kReach; ++i) {
      col += dx, row += dy;
      const Plane<float>& heights = planes_.elevation;
      if (col < 0 || row < 0 || col >= heights.width() || row >= heights.height()) break;
      if (planes_.source.at(col, row) != source || std::isnan(heights.at(col, row))) break;
      differences.push_back(heights.at(col, row) - last);
      last = heights.at(col, row);
    }
    if (std::isnan(last) || differences.size() + 1 < kFewest) return std::nullopt;
    const auto count = static_cast<double>(differences.size());
    Side found;
    for (const double difference : differences)
      found.mean += difference / count;
    for (const double difference : differences)
      found.roughness += std::pow(difference - found.mean, 2) / count;
    found.roughness = std::sqrt(found.roughness);
    return found;
  }

  const LayerPlanes& planes_;
};

/// The two sources, and the square.
using BorderPart = std::tuple<SourceId, SourceId, std::int64_t, std::int64_t>;
using BorderParts = std::map<BorderPart, std::vector<BorderEdge>>;

BorderParts border_parts(const LayerPlanes& planes) {
  const Borders borders(planes);
  const Plane<SourceId>& ids = planes.source;
  BorderParts parts;
  const auto look = [&](std::int64_t c, std::int64_t r, bool upright) {
    const SourceId here = ids.at(c, r), there = upright ? ids.at(c + 1, r) : ids.at(c, r + 1);
    if (here == there) return;
    if (const auto edge = borders.edge(c, r, upright))
      parts[{std::min(here, there), std::max(here, there), r / kSquare, c / kSquare}].push_back(
          *edge);
  };
  for (std::int64_t r = 0; r < ids.height(); ++r)
    for (std::int64_t c = 0; c < ids.width(); ++c) {
      if (c + 1 < ids.width()) look(c, r, true);
      if (r + 1 < ids.height()) look(c, r, false);
    }
  return parts;
}

/// Splits edges into those whose pixels touch.
std::vector<std::vector<BorderEdge>> connected(const std::vector<BorderEdge>& edges) {
  std::multimap<std::pair<std::int64_t, std::int64_t>, std::size_t> places;
  for (std::size_t i = 0; i < edges.size(); ++i)
    places.emplace(std::make_pair(edges[i].row, edges[i].col), i);
  std::vector<std::vector<BorderEdge>> groups;
  while (!places.empty()) {
    std::vector<std::size_t> waiting{places.begin()->second};
    places.erase(places.begin());
    groups.emplace_back();
    while (!waiting.empty()) {
      const BorderEdge& edge = edges[waiting.back()];
      waiting.pop_back();
      groups.back().push_back(edge);
      for (std::int64_t row = edge.row - 1; row <= edge.row + 1; ++row) {
        const auto first = places.lower_bound({row, edge.col - 1});
        const auto last = places.upper_bound({row, edge.col + 1});
        for (auto place = first; place != last; ++place)
          waiting.push_back(place->second);
        places.erase(first, last);
      }
    }
  }
  return groups;
}

template <class Value>
double median_of(const std::vector<BorderEdge>& edges, const Value& value) {
  std::vector<double> values;
  for (const BorderEdge& edge : edges)
    values.push_back(value(edge));
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double length_of(const Lattice& lattice, const LatticeWindow& window,
                 const std::vector<BorderEdge>& edges) {
  double length = 0.0;
  for (const BorderEdge& edge : edges) {
    const GroundPixel pixel = lattice.ground_pixel(window.row + edge.row);
    length += edge.upright ? pixel.height : pixel.width;
  }
  return length;
}

bool by_place(const BorderEdge& a, const BorderEdge& b) noexcept {
  return std::tie(a.row, a.col, a.upright) < std::tie(b.row, b.col, b.upright);
}

}  // namespace

std::vector<Jump> find_jumps(const Lattice& lattice, const LayerPlanes& planes,
                             const QualityRules& rules) {
  std::vector<Jump> jumps;
  for (const auto& [part, all] : border_parts(planes))
    for (auto& edges : connected(all)) {
      if (edges.size() < kFewestEdges) continue;
      Jump jump;
      std::tie(jump.lower, jump.upper, std::ignore, std::ignore) = part;
      jump.jump = median_of(edges, [](const BorderEdge& edge) { return edge.jump; });
      jump.roughness = median_of(edges, [](const BorderEdge& edge) { return edge.roughness; });
      if (std::abs(jump.jump) <= std::max(rules.jump_metres, rules.jump_roughness * jump.roughness))
        continue;
      jump.length = length_of(lattice, planes.window, edges);
      std::sort(edges.begin(), edges.end(), by_place);
      jump.edges = std::move(edges);
      jumps.push_back(std::move(jump));
    }
  std::stable_sort(jumps.begin(), jumps.end(), [](const Jump& a, const Jump& b) {
    return std::abs(a.jump) * a.length > std::abs(b.jump) * b.length;
  });
  return jumps;
}

}  // namespace topobathy
