#include "providers/usgs_lidar/ground_grid.h"

#include <cmath>
#include <limits>
#include <utility>

#include "fusion/error.h"

namespace topobathy {
namespace {

constexpr double kHeightUnits = 65536.0;  // a metre
/// Places are rounded to 2^-20 of a cell first: the same point of two files that scale it
/// differently must not fall to both sides of an edge.
constexpr double kPlaceUnits = 1048576.0;
constexpr int kPlaceBits = 20;
constexpr double kHighest = 20'000.0;  // metres, up or down: none on Earth
constexpr double kMostCells = 1e5;
constexpr std::size_t kMostBlocks = 256;  // 400 MB

constexpr std::uint8_t kGround = 2;
constexpr std::uint8_t kBathymetricBottom = 40;

}  // namespace

GroundLattice ground_lattice(const std::string& name, const CrsBox& box, double cell) {
  const double west = std::floor(box.left / cell);
  const double south = std::floor(box.bottom / cell);
  const double columns = std::floor(box.right / cell) + 1 - west;
  const double rows = std::floor(box.top / cell) + 1 - south;
  if (!(columns <= kMostCells) || !(rows <= kMostCells) || !(std::abs(west) < 1e12) ||
      !(std::abs(south) < 1e12))
    throw Error(ErrorCode::kUnsupported,
                "'" + name +
                    "': its bounds need more than 100000 cells a side: they are wrong, or "
                    "the pixels wanted are too small for it");
  GroundLattice lattice;
  lattice.cell = cell;
  lattice.west = static_cast<std::int64_t>(west);
  lattice.north = static_cast<std::int64_t>(south + rows);
  lattice.columns = static_cast<std::int64_t>(columns);
  lattice.rows = static_cast<std::int64_t>(rows);
  return lattice;
}

void GroundGrid::Cell::add(std::int64_t height) noexcept {
  const auto square = static_cast<std::uint64_t>(height * height);
  sum += height;
  squares += square;
  if (squares < square) ++squares_above;
  ++count;
}

double GroundGrid::Cell::mean() const noexcept {
  return static_cast<double>(sum) / (count * kHeightUnits);
}

double GroundGrid::Cell::deviation_of_mean() const noexcept {
  if (count < 2) return std::numeric_limits<double>::quiet_NaN();
  const double n = count;
  const double total = static_cast<double>(sum);
  const double all_squares = std::ldexp(squares_above, 64) + static_cast<double>(squares);
  const double variance = (all_squares - total * (total / n)) / (n - 1.0);
  return std::sqrt(std::max(variance, 0.0) / n) / kHeightUnits;
}

GroundGrid::GroundGrid(std::string name, const GroundLattice& lattice, double height_unit,
                       bool strict)
    : name_(std::move(name)), lattice_(lattice), height_unit_(height_unit), strict_(strict) {}

void GroundGrid::add(const LidarPoint* points, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const LidarPoint& point = points[i];
    const bool ground =
        point.classification == kGround || point.classification == kBathymetricBottom;
    if (ground && !point.withheld) add_ground(point);
  }
}

void GroundGrid::add_ground(const LidarPoint& point) {
  const double height = point.z * height_unit_;
  const double x = point.x / lattice_.cell * kPlaceUnits;
  const double y = point.y / lattice_.cell * kPlaceUnits;
  if (!(std::abs(height) <= kHighest) || !(std::abs(x) < 9e18) || !(std::abs(y) < 9e18))
    throw Error(ErrorCode::kUnreadable, "'" + name_ + "': has a ground point " +
                                            std::to_string(height) +
                                            " m high, which none on Earth is: it is damaged");
  const std::int64_t column = (std::llround(x) >> kPlaceBits) - lattice_.west;
  const std::int64_t row = lattice_.north - 1 - (std::llround(y) >> kPlaceBits);
  if (column < 0 || column >= lattice_.columns || row < 0 || row >= lattice_.rows) {
    if (!strict_) return;
    throw Error(ErrorCode::kUnreadable,
                "'" + name_ + "': has points outside the bounds it states: it is damaged");
  }
  const std::int64_t inside = (row % kBlock) * kBlock + column % kBlock;
  block_of(column, row)[static_cast<std::size_t>(inside)].add(std::llround(height * kHeightUnits));
}

GroundGrid::Block& GroundGrid::block_of(std::int64_t column, std::int64_t row) {
  const std::int64_t across = (lattice_.columns + kBlock - 1) / kBlock;
  const std::int64_t index = (row / kBlock) * across + column / kBlock;
  if (index == last_index_) return *last_;
  Block& block = blocks_[index];
  if (block.empty()) {
    if (blocks_.size() > kMostBlocks)
      throw Error(ErrorCode::kUnsupported,
                  "'" + name_ + "': needs more than 16 million cells: ask for larger pixels");
    block.resize(std::size_t{kBlock} * kBlock);
  }
  last_index_ = index;
  last_ = &block;
  return block;
}

bool GroundGrid::block(std::int64_t column, std::int64_t row, std::vector<float>& elevation,
                       std::vector<float>& uncertainty) const {
  constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
  elevation.assign(std::size_t{kBlock} * kBlock, kNone);
  uncertainty.assign(std::size_t{kBlock} * kBlock, kNone);
  const std::int64_t across = (lattice_.columns + kBlock - 1) / kBlock;
  const auto known = blocks_.find(row * across + column);
  if (known == blocks_.end()) return false;
  for (std::size_t i = 0; i < known->second.size(); ++i) {
    const Cell& cell = known->second[i];
    if (cell.count == 0) continue;
    elevation[i] = static_cast<float>(cell.mean());
    uncertainty[i] = static_cast<float>(cell.deviation_of_mean());
  }
  return true;
}

}  // namespace topobathy
