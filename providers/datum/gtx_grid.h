#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "providers/datum/grid_file.h"

namespace topobathy {

/// A surface of NOAA's VDatum: heights in metres at the nodes of a grid of degrees (GTX, read by
/// GDAL, whose pixel centres are the nodes). Pieces are read when they are wanted, kept in a cache
/// of limited size that all grids share. Thread-safe; holds no file open.
class GtxGrid {
 public:
  /// Reads the header; grids of a file that has not changed are shared. \throws Error(kNotFound),
  /// Error(kUnreadable)
  static std::shared_ptr<const GtxGrid> open(const std::string& path);

  /// Bilinear between the four nodes around; NaN outside of the nodes, and where a node that counts
  /// (its weight is not 0) has no value (-88.8888): nothing is made up beside a hole. Any turn of
  /// the longitude round the world. \throws Error(kUnreadable)
  double at(double lon, double lat) const;

  const GridFile& file() const noexcept { return file_; }

 private:
  GtxGrid(GridFile file, std::uint64_t id) : file_(std::move(file)), id_(id) {}
  void read_header();
  /// A tile of the grid that is read and kept as one.
  struct Piece;
  Piece piece_at(std::int64_t col, std::int64_t row) const;

  GridFile file_;
  const std::uint64_t id_;           ///< of its pieces in the cache
  double west_ = 0.0, north_ = 0.0;  ///< of the first node
  double step_lon_ = 0.0, step_lat_ = 0.0;
  std::int64_t columns_ = 0, rows_ = 0;
};

}  // namespace topobathy
