#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>

namespace topobathy {

/// A rectangle of pixels, half-open: columns [col, col + width), rows [row, row + height).
/// `Space` keeps windows of a source grid and of the lattice apart at compile time.
template <class Space>
struct Window {
  std::int64_t col = 0;
  std::int64_t row = 0;
  std::int64_t width = 0;
  std::int64_t height = 0;

  static Window from_edges(std::int64_t left, std::int64_t top, std::int64_t right,
                           std::int64_t bottom) noexcept {
    return {left, top, std::max<std::int64_t>(0, right - left),
            std::max<std::int64_t>(0, bottom - top)};
  }

  std::int64_t right() const noexcept { return col + width; }
  std::int64_t bottom() const noexcept { return row + height; }
  bool empty() const noexcept { return width <= 0 || height <= 0; }
  std::int64_t area() const noexcept { return empty() ? 0 : width * height; }

  bool contains(std::int64_t c, std::int64_t r) const noexcept {
    return c >= col && c < right() && r >= row && r < bottom();
  }
  bool contains(const Window& o) const noexcept {
    return o.empty() ||
           (o.col >= col && o.row >= row && o.right() <= right() && o.bottom() <= bottom());
  }

  /// The common part; empty (zero area) where there is none.
  Window intersect(const Window& o) const noexcept {
    return from_edges(std::max(col, o.col), std::max(row, o.row), std::min(right(), o.right()),
                      std::min(bottom(), o.bottom()));
  }
  /// \pre neither margin is negative
  Window grow(std::int64_t columns, std::int64_t rows) const noexcept {
    assert(columns >= 0 && rows >= 0);
    return {col - columns, row - rows, width + 2 * columns, height + 2 * rows};
  }

  friend bool operator==(const Window& a, const Window& b) noexcept {
    return a.col == b.col && a.row == b.row && a.width == b.width && a.height == b.height;
  }
  friend bool operator!=(const Window& a, const Window& b) noexcept { return !(a == b); }
};

struct LatticeSpace;
struct SourceSpace;
using LatticeWindow =
    Window<LatticeSpace>;                  ///< indices counted from the CRS origin, rows southward
using SourceWindow = Window<SourceSpace>;  ///< indices of one source's own grid

/// Quotient rounded towards minus infinity. \pre divisor > 0
constexpr std::int64_t floor_div(std::int64_t value, std::int64_t divisor) noexcept {
  const std::int64_t quotient = value / divisor;
  return value % divisor < 0 ? quotient - 1 : quotient;
}
/// Quotient rounded towards plus infinity. \pre divisor > 0
constexpr std::int64_t ceil_div(std::int64_t value, std::int64_t divisor) noexcept {
  return -floor_div(-value, divisor);
}

}  // namespace topobathy
