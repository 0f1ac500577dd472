#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "fusion/window.h"

namespace topobathy {

/// What the core must know of a CRS (found by PROJ in providers/align/crs.h).
struct CrsTraits {
  enum class Kind { kGeographic, kMercator, kProjected };
  Kind kind = Kind::kGeographic;
  double unit = 1.0;  ///< metres in one CRS unit (kMercator, kProjected)
  double semi_major = 6378137.0;
  double inverse_flattening = 298.257223563;  ///< of the ellipsoid ground distances are measured on
};

/// Index of a cell: (column, row) of cells counted from the CRS origin, rows southward.
struct CellIndex {
  std::int64_t col = 0;
  std::int64_t row = 0;
  friend bool operator==(CellIndex a, CellIndex b) noexcept {
    return a.col == b.col && a.row == b.row;
  }
};

/// The size of one pixel on the ground, metres.
struct GroundPixel {
  double width = 0.0;
  double height = 0.0;
};

/// The global pixel grid of (CRS, pixel size): pixel (0, 0) has its upper left corner in the CRS
/// origin, columns run east, rows run south. Geometry rules: docs/architecture.md, Geometry.
/// Immutable; compares by CRS text, pixel size and level.
class Lattice {
 public:
  /// Geographic: cell edge C = 0.05 deg * 2^k with N = round(C * 111320 / resolution) pixels, k
  /// nearest 0 with 64 <= N <= 1024. Projected: pixel size = resolution in the CRS's unit,
  /// 512-pixel cells. \pre resolution > 0, metres  \throws Error(kUsage) when no cell size fits
  static Lattice from_resolution(std::string crs, const CrsTraits& traits, double resolution);
  /// Pixel size 2 pi a / (256 * 2^zoom): XYZ tiles are exact windows. \pre kind is kMercator, 0 <=
  /// zoom <= 30
  static Lattice from_zoom(std::string crs, const CrsTraits& traits, int zoom);

  const std::string& crs() const noexcept { return crs_; }
  const CrsTraits& traits() const noexcept { return traits_; }
  double pixel_size() const noexcept { return pixel_size_; }  ///< CRS units, both axes
  int cell_size() const noexcept { return cell_size_; }       ///< pixels along a cell's edge
  int level() const noexcept { return level_; }
  /// The lattice of level `level` (pixel size 2^level times the base, cells of as many pixels).
  /// Counted from the base, whatever this one is.
  Lattice at_level(int level) const;

  double x(std::int64_t col) const noexcept { return static_cast<double>(col) * pixel_size_; }
  double y(std::int64_t row) const noexcept { return static_cast<double>(-row) * pixel_size_; }
  double centre_x(std::int64_t col) const noexcept {
    return (static_cast<double>(col) + 0.5) * pixel_size_;
  }
  double centre_y(std::int64_t row) const noexcept {
    return (-static_cast<double>(row) - 0.5) * pixel_size_;
  }

  CellIndex cell_of(std::int64_t col, std::int64_t row) const noexcept {
    return {floor_div(col, cell_size_), floor_div(row, cell_size_)};
  }
  LatticeWindow cell_window(CellIndex cell) const noexcept {
    return {cell.col * cell_size_, cell.row * cell_size_, cell_size_, cell_size_};
  }
  /// Pixels that a box of CRS coordinates touches; an edge within 1e-6 pixel of the lattice is on
  /// it.
  LatticeWindow window_of(double left, double bottom, double right, double top) const;

  /// Ground size of a pixel of this row on the ellipsoid. A function of the row alone, so that it
  /// never depends on a window. Geographic: M(lat) and N(lat)cos(lat). Mercator: the same divided
  /// by the projection's scale. Other CRSs: the CRS unit (their scale error, below 0.1 % in UTM, is
  /// not undone).
  GroundPixel ground_pixel(std::int64_t row) const noexcept;
  /// The smallest width and the smallest height that the pixels of rows [top, bottom) have.
  GroundPixel smallest_ground_pixel(std::int64_t top, std::int64_t bottom) const noexcept;

  friend bool operator==(const Lattice& a, const Lattice& b) noexcept {
    return a.crs_ == b.crs_ && a.pixel_size_ == b.pixel_size_ && a.cell_size_ == b.cell_size_ &&
           a.level_ == b.level_;
  }

 private:
  Lattice(std::string crs, const CrsTraits& traits, double pixel_size, int cell_size, int level);

  std::string crs_;
  CrsTraits traits_;
  double pixel_size_;
  int cell_size_;
  int level_;
};

/// The coarsest level a dataset of this size offers: the longer side comes to 256 pixels or less.
int coarsest_level(std::int64_t width, std::int64_t height) noexcept;
/// Grown outward so that origin and size are whole pixels at `level`.
LatticeWindow snap_outward(const LatticeWindow& window, int level) noexcept;

}  // namespace topobathy

template <>
struct std::hash<topobathy::CellIndex> {
  std::size_t operator()(topobathy::CellIndex cell) const noexcept {
    return std::hash<std::int64_t>{}(cell.col * 1000003 + cell.row);
  }
};
