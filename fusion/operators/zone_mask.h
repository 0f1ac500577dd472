#pragma once

#include <cstdint>
#include <vector>

#include "fusion/lattice.h"
#include "fusion/plane.h"

namespace topobathy {

/// A point in lattice CRS coordinates.
struct CrsPoint {
  double x = 0.0;
  double y = 0.0;
};

/// The area inside a polygon, as lattice pixels. A pixel belongs to it if its centre does, by the
/// even-odd rule, left and lower edges included and right and upper ones not: of two zones that
/// share an edge (the same two vertices, in any order), each pixel along it belongs to exactly one.
/// Immutable.
class ZoneMask {
 public:
  enum class Cover { kOutside, kCrossing, kInside };
  using Ring = std::vector<CrsPoint>;

  /// Rings are closed by themselves; a repeated first point does no harm.
  explicit ZoneMask(const std::vector<Ring>& rings);

  /// kInside and kOutside are certain for every pixel of the window; kCrossing says that an edge
  /// comes near it.
  Cover classify(const Lattice& lattice, const LatticeWindow& window) const;
  /// Sets to NaN what lies outside. \pre the plane has the window's shape
  void apply(const Lattice& lattice, const LatticeWindow& window, Plane<float>& elevation) const;

 private:
  struct Edge {
    CrsPoint low, high;  ///< low.y <= high.y: the same edge crosses a row at the same x whichever
                         ///< way its ring runs
  };

  /// For each row of the window, the columns where the row enters and leaves the zone, ascending.
  std::vector<std::vector<std::int64_t>> crossings(const Lattice& lattice,
                                                   const LatticeWindow& window) const;

  /// Horizontal ones too: no row of centres crosses them, but they may pass through a window.
  std::vector<Edge> edges_;
};

}  // namespace topobathy
