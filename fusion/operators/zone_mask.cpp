#include "fusion/operators/zone_mask.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <iterator>

namespace topobathy {
namespace {

/// First column of [begin, end] whose centre is at or right of x (`end` if none is).
std::int64_t first_column(const Lattice& lattice, double x, std::int64_t begin, std::int64_t end) {
  const double estimate = std::floor(x / lattice.pixel_size());
  std::int64_t col = begin;
  if (estimate >= static_cast<double>(end))
    col = end;
  else if (estimate > static_cast<double>(begin))
    col = static_cast<std::int64_t>(estimate);
  // The comparison of coordinates decides, not the estimate's rounding.
  while (col > begin && lattice.centre_x(col - 1) >= x)
    --col;
  while (col < end && lattice.centre_x(col) < x)
    ++col;
  return col;
}

/// First row of [begin, end] whose centre is below y (`end` if none is).
std::int64_t first_row_below(const Lattice& lattice, double y, std::int64_t begin,
                             std::int64_t end) {
  const double estimate = std::floor(-y / lattice.pixel_size());
  std::int64_t row = begin;
  if (estimate >= static_cast<double>(end))
    row = end;
  else if (estimate > static_cast<double>(begin))
    row = static_cast<std::int64_t>(estimate);
  while (row > begin && lattice.centre_y(row - 1) < y)
    --row;
  while (row < end && lattice.centre_y(row) >= y)
    ++row;
  return row;
}

/// Which side of the line a-b the point lies on.
double side(CrsPoint a, CrsPoint b, double x, double y) {
  return (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x);
}

void clear(float* values, std::int64_t begin, std::int64_t end) {
  if (begin < end) std::fill(values + begin, values + end, kNoValue);
}

}  // namespace

ZoneMask::ZoneMask(const std::vector<Ring>& rings) {
  for (const Ring& ring : rings)
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const CrsPoint a = ring[i];
      const CrsPoint b = ring[(i + 1) % ring.size()];
      edges_.push_back(a.y < b.y ? Edge{a, b} : Edge{b, a});
    }
}

std::vector<std::vector<std::int64_t>> ZoneMask::crossings(const Lattice& lattice,
                                                           const LatticeWindow& window) const {
  std::vector<std::vector<std::int64_t>> columns(static_cast<std::size_t>(window.height));
  for (const Edge& edge : edges_) {
    const std::int64_t first = first_row_below(lattice, edge.high.y, window.row, window.bottom());
    const std::int64_t last = first_row_below(lattice, edge.low.y, first, window.bottom());
    if (first == last) continue;  // horizontal edges always
    const double slope = (edge.high.x - edge.low.x) / (edge.high.y - edge.low.y);
    for (std::int64_t row = first; row < last; ++row) {
      const double x = edge.low.x + (lattice.centre_y(row) - edge.low.y) * slope;
      columns[static_cast<std::size_t>(row - window.row)].push_back(
          first_column(lattice, x, window.col, window.right()));
    }
  }
  for (auto& row : columns)
    std::sort(row.begin(), row.end());
  return columns;
}

ZoneMask::Cover ZoneMask::classify(const Lattice& lattice, const LatticeWindow& window) const {
  if (window.empty()) return Cover::kOutside;
  // The window's outer edge: half a pixel beyond the centres, which dwarfs every rounding below.
  const double left = lattice.x(window.col), right = lattice.x(window.right());
  const double top = lattice.y(window.row), bottom = lattice.y(window.bottom());
  const auto comes_near = [&](const Edge& edge) {
    if (edge.high.y < bottom || edge.low.y > top) return false;
    if (std::max(edge.low.x, edge.high.x) < left || std::min(edge.low.x, edge.high.x) > right)
      return false;
    const double sides[] = {
        side(edge.low, edge.high, left, bottom), side(edge.low, edge.high, right, bottom),
        side(edge.low, edge.high, left, top), side(edge.low, edge.high, right, top)};
    return !(std::all_of(std::begin(sides), std::end(sides), [](double s) { return s > 0.0; }) ||
             std::all_of(std::begin(sides), std::end(sides), [](double s) { return s < 0.0; }));
  };
  if (std::any_of(edges_.begin(), edges_.end(), comes_near)) return Cover::kCrossing;
  // No edge comes near: all pixels are as the first one is. Edges left of it count.
  const auto row = crossings(lattice, {window.col, window.row, 1, 1}).front();
  const auto left_of_it = std::count(row.begin(), row.end(), window.col);
  return left_of_it % 2 == 1 ? Cover::kInside : Cover::kOutside;
}

void ZoneMask::apply(const Lattice& lattice, const LatticeWindow& window,
                     Plane<float>& elevation) const {
  assert(elevation.width() == window.width && elevation.height() == window.height);
  const auto columns = crossings(lattice, window);
  for (std::int64_t r = 0; r < window.height; ++r) {
    float* const values = elevation.row(r);
    std::int64_t outside_from = 0;
    const auto& row = columns[static_cast<std::size_t>(r)];
    for (std::size_t i = 0; i + 1 < row.size(); i += 2) {
      clear(values, outside_from, row[i] - window.col);
      outside_from = row[i + 1] - window.col;
    }
    clear(values, outside_from, window.width);
  }
}

}  // namespace topobathy
