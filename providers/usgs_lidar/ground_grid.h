#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "providers/usgs_lidar/lidar_points.h"
#include "providers/usgs_lidar/point_cloud.h"

namespace topobathy {

/// A north-up grid whose cell edges are whole multiples of the cell, a power of two of the CRS's
/// unit: grids of neighbours fall together. Rows count from the north.
struct GroundLattice {
  double cell = 1.0;
  std::int64_t west = 0;   ///< left edge, cells
  std::int64_t north = 0;  ///< upper edge, cells
  std::int64_t columns = 0;
  std::int64_t rows = 0;
};

/// The cells that a box touches. \throws Error(kUnsupported) naming `name`: more than 100 000 a
/// side
GroundLattice ground_lattice(const std::string& name, const CrsBox& box, double cell);

/// Mean height of the ground points of each cell. Sums are integers (heights in 1/65536 m), so the
/// result does not depend on the order of points, nodes or threads. For one thread.
class GroundGrid {
 public:
  static constexpr int kBlock = 256;  ///< cells a side of the blocks that hold sums

  /// `height_unit`: metres of one unit of z. `strict`: a ground point outside is damage (a file's
  /// own bounds); else it belongs to a neighbour.
  GroundGrid(std::string name, const GroundLattice& lattice, double height_unit, bool strict);

  /// Points that are ground (class 2) or the bottom of water (class 40), are not withheld and lie
  /// inside. \throws Error(kUnreadable) impossible heights or places; Error(kUnsupported) too many
  /// cells
  void add(const LidarPoint* points, std::size_t count);

  const GroundLattice& lattice() const noexcept { return lattice_; }
  /// A block's elevations (metres, mean) and uncertainties (metres, the standard deviation of the
  /// mean: that of the sample over the root of the number of points; NaN for a lone point), row by
  /// row from its north-west corner; NaN where no point lies. False: all of it is NaN.
  bool block(std::int64_t column, std::int64_t row, std::vector<float>& elevation,
             std::vector<float>& uncertainty) const;

 private:
  /// Sums of one cell; squares as 96 bits.
  struct Cell {
    std::int64_t sum = 0;
    std::uint64_t squares = 0;
    std::uint32_t squares_above = 0;
    std::uint32_t count = 0;

    void add(std::int64_t height) noexcept;
    double mean() const noexcept;
    double deviation_of_mean() const noexcept;
  };
  using Block = std::vector<Cell>;

  void add_ground(const LidarPoint& point);
  Block& block_of(std::int64_t column, std::int64_t row);

  const std::string name_;
  const GroundLattice lattice_;
  const double height_unit_;
  const bool strict_;
  std::map<std::int64_t, Block> blocks_;
  std::int64_t last_index_ = -1;
  Block* last_ = nullptr;
};

}  // namespace topobathy
