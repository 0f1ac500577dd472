#include "providers/datum/gtx_grid.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

#include <gdal_priv.h>

#include "fusion/error.h"
#include "providers/align/shared_by_key.h"
#include "providers/raster/block_cache.h"
#include "providers/raster/gdal_errors.h"

namespace topobathy {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
/// VDatum's mark of no value; no surface lies 89 m from sea level.
constexpr double kNoHeight = -88.8888;
constexpr double kNoHeightTolerance = 1e-3;
/// A place this near a node, in steps, is on it: coordinates in files have some ten digits.
constexpr double kOnNode = 1e-6;
constexpr std::int64_t kPiece = 256;  ///< nodes a side, 256 KiB: some ten kilometres of a region
constexpr std::size_t kCacheBytes = std::size_t{64} << 20;
constexpr std::size_t kSharedGrids = 512;

/// Never destroyed: grids may outlive static objects.
BlockCache& pieces() {
  static BlockCache& cache = *new BlockCache(kCacheBytes);
  return cache;
}

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw Error(ErrorCode::kUnreadable, "cannot read the VDatum grid '" + path + "': " + why +
                                          "; unpack it again from NOAA's archive");
}

GDALDatasetUniquePtr open_gtx(const std::string& path, const QuietGdalErrors& quiet) {
  const char* const drivers[] = {"GTX", nullptr};
  GDALDatasetUniquePtr dataset(
      GDALDataset::Open(path.c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY, drivers));
  if (!dataset) refuse(path, quiet.reason("it is no GTX file"));
  return dataset;
}

}  // namespace

std::shared_ptr<const GtxGrid> GtxGrid::open(const std::string& path) {
  static std::atomic<std::uint64_t> next_id{1};
  static SharedByKey<GtxGrid> shared(kSharedGrids);
  const auto make = [&] {
    const std::shared_ptr<GtxGrid> grid(
        new GtxGrid(look_at_grid(path.substr(path.find_last_of('/') + 1), path), next_id++));
    grid->read_header();
    return std::shared_ptr<const GtxGrid>(grid);
  };
  return shared.get(path, make, [](const GtxGrid& grid) { return are_unchanged({grid.file_}); });
}

void GtxGrid::read_header() {
  const QuietGdalErrors quiet;
  const auto dataset = open_gtx(file_.path, quiet);
  double transform[6] = {};
  if (dataset->GetGeoTransform(transform) != CE_None || !(transform[1] > 0.0) ||
      !(transform[5] < 0.0) || !std::isfinite(transform[0]) || !std::isfinite(transform[3]))
    refuse(file_.path, "its header states no grid");
  columns_ = dataset->GetRasterXSize();
  rows_ = dataset->GetRasterYSize();
  step_lon_ = transform[1];
  step_lat_ = -transform[5];
  west_ = transform[0] + 0.5 * step_lon_;
  north_ = transform[3] - 0.5 * step_lat_;
}

struct GtxGrid::Piece {
  BlockPointer values;
  std::int64_t left = 0, top = 0, width = 0, height = 0;

  bool contains(std::int64_t col, std::int64_t row) const noexcept {
    return values && col >= left && col < left + width && row >= top && row < top + height;
  }
  double node(std::int64_t col, std::int64_t row) const {
    const auto value = static_cast<double>(
        (*values)[static_cast<std::size_t>((row - top) * width + (col - left))]);
    return std::isfinite(value) && std::abs(value - kNoHeight) > kNoHeightTolerance ? value : kNaN;
  }
};

GtxGrid::Piece GtxGrid::piece_at(std::int64_t col, std::int64_t row) const {
  const BlockKey key{id_, 0, 1, col / kPiece, row / kPiece};
  Piece piece{nullptr, key.col * kPiece, key.row * kPiece, 0, 0};
  piece.width = std::min(kPiece, columns_ - piece.left);
  piece.height = std::min(kPiece, rows_ - piece.top);
  piece.values = pieces().get(key, {}, [&](const std::vector<int>&) {
    const QuietGdalErrors quiet;
    const auto dataset = open_gtx(file_.path, quiet);
    require_unchanged_grids({file_});
    const auto width = static_cast<int>(piece.width), height = static_cast<int>(piece.height);
    auto values =
        std::make_shared<std::vector<float>>(static_cast<std::size_t>(piece.width * piece.height));
    if (dataset->GetRasterBand(1)->RasterIO(
            GF_Read, static_cast<int>(piece.left), static_cast<int>(piece.top), width, height,
            values->data(), width, height, GDT_Float32, 0, 0, nullptr) != CE_None)
      refuse(file_.path, quiet.reason("it ends too early"));
    return std::vector<BlockPointer>{std::move(values)};
  });
  return piece;
}

double GtxGrid::at(double lon, double lat) const {
  if (!std::isfinite(lon) || !std::isfinite(lat)) return kNaN;
  const double edge = west_ - kOnNode * step_lon_;
  const double east = lon - 360.0 * std::floor((lon - edge) / 360.0);
  const double u = std::max(0.0, (east - west_) / step_lon_);
  const double v = (north_ - lat) / step_lat_;
  const auto last_col = static_cast<double>(columns_ - 1),
             last_row = static_cast<double>(rows_ - 1);
  if (!(u <= last_col + kOnNode) || !(v >= -kOnNode) || !(v <= last_row + kOnNode)) return kNaN;
  const auto fraction = [](double part) {
    return part < kOnNode ? 0.0 : part > 1.0 - kOnNode ? 1.0 : part;
  };
  const auto col = static_cast<std::int64_t>(std::min(u, last_col));
  const auto row = static_cast<std::int64_t>(std::clamp(v, 0.0, last_row));
  const double s = fraction(u - static_cast<double>(col));
  const double t = fraction(v - static_cast<double>(row));
  Piece piece;
  double sum = 0.0;
  for (const int j : {0, 1})
    for (const int i : {0, 1}) {
      const double weight = (i == 0 ? 1.0 - s : s) * (j == 0 ? 1.0 - t : t);
      if (weight == 0.0) continue;
      if (!piece.contains(col + i, row + j)) piece = piece_at(col + i, row + j);
      sum += weight * piece.node(col + i, row + j);
    }
  return sum;
}

}  // namespace topobathy
