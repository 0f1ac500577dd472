#include "providers/usgs_lidar/grid_file.h"

#include <cpl_vsi.h>
#include <fcntl.h>
#include <gdal_priv.h>
#include <unistd.h>

#include <atomic>
#include <limits>
#include <memory>
#include <vector>

#include "fusion/error.h"
#include "providers/align/crs.h"
#include "providers/raster/gdal_errors.h"

namespace topobathy {
namespace {

constexpr int kBlock = GroundGrid::kBlock;

struct CloseDataset {
  void operator()(GDALDataset* dataset) const noexcept { GDALClose(dataset); }
};
using DatasetPointer = std::unique_ptr<GDALDataset, CloseDataset>;

[[noreturn]] void refuse(const std::string& path, const QuietGdalErrors& errors) {
  throw Error(ErrorCode::kCache, "'" + path + "': the grid of a point cloud cannot be written (" +
                                     errors.reason("no reason given") +
                                     "): look at the room and rights of the cache folder");
}

/// Deletes what was begun unless it was kept.
class Unfinished {
 public:
  explicit Unfinished(std::string path) : path_(std::move(path)) {}
  ~Unfinished() {
    if (!kept_) VSIUnlink(path_.c_str());
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  void keep() noexcept { kept_ = true; }

 private:
  const std::string path_;
  bool kept_ = false;
};

DatasetPointer create(const std::string& path, const GroundLattice& lattice) {
  GDALDriver* const driver = GetGDALDriverManager()->GetDriverByName("GTiff");
  if (driver == nullptr) return nullptr;
  const char* const options[] = {"TILED=YES",        "BLOCKXSIZE=256",   "BLOCKYSIZE=256",
                                 "COMPRESS=DEFLATE", "PREDICTOR=3",      "INTERLEAVE=BAND",
                                 "SPARSE_OK=TRUE",   "BIGTIFF=IF_SAFER", nullptr};
  return DatasetPointer(driver->Create(path.c_str(), static_cast<int>(lattice.columns),
                                       static_cast<int>(lattice.rows), 2, GDT_Float32,
                                       const_cast<char**>(options)));
}

void describe(GDALDataset& dataset, const GroundLattice& lattice, const LidarCrs& crs) {
  double transform[6] = {
      static_cast<double>(lattice.west) * lattice.cell,  lattice.cell, 0.0,
      static_cast<double>(lattice.north) * lattice.cell, 0.0,          -lattice.cell};
  dataset.SetGeoTransform(transform);
  dataset.SetProjection(crs_wkt(crs.horizontal, crs.heights).c_str());
  const char* const names[] = {"Elevation", "Uncertainty"};
  for (int band = 1; band <= 2; ++band) {
    GDALRasterBand* const raster = dataset.GetRasterBand(band);
    raster->SetNoDataValue(std::numeric_limits<double>::quiet_NaN());
    raster->SetDescription(names[band - 1]);
    raster->SetUnitType("m");
  }
}

bool write_block(GDALDataset& dataset, const GroundGrid& grid, int column, int row) {
  std::vector<float> elevation;
  std::vector<float> uncertainty;
  if (!grid.block(column, row, elevation, uncertainty)) return true;
  return dataset.GetRasterBand(1)->WriteBlock(column, row, elevation.data()) == CE_None &&
         dataset.GetRasterBand(2)->WriteBlock(column, row, uncertainty.data()) == CE_None;
}

bool sync(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool done = ::fsync(file) == 0;
  ::close(file);
  return done;
}

}  // namespace

void write_grid(const std::string& path, const GroundGrid& grid, const LidarCrs& crs) {
  static std::atomic<unsigned> counter{0};
  const QuietGdalErrors errors;
  const std::string begun =
      path + ".tmp" + std::to_string(::getpid()) + "-" + std::to_string(++counter);
  const bool in_memory = path.compare(0, 8, "/vsimem/") == 0;
  VSIMkdirRecursive(path.substr(0, path.rfind('/')).c_str(), 0777);
  Unfinished unfinished(begun);
  DatasetPointer dataset = create(begun, grid.lattice());
  if (!dataset) refuse(path, errors);
  describe(*dataset, grid.lattice(), crs);
  const GroundLattice& lattice = grid.lattice();
  for (int row = 0; row < (lattice.rows + kBlock - 1) / kBlock; ++row)
    for (int column = 0; column < (lattice.columns + kBlock - 1) / kBlock; ++column)
      if (!write_block(*dataset, grid, column, row)) refuse(path, errors);
  dataset->FlushCache(true);
  dataset.reset();
  // GDAL tells of a full disk only by a message.
  if (!errors.reason("").empty() || (!in_memory && !sync(begun)) ||
      VSIRename(begun.c_str(), path.c_str()) != 0)
    refuse(path, errors);
  unfinished.keep();
}

}  // namespace topobathy
