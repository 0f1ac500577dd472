#include <cpl_string.h>
#include <cpl_vsi.h>
#include <ogr_spatialref.h>

#include <atomic>
#include <limits>

#include "driver/gdal_compat.h"
#include "fusion/error.h"
#include "utils/tiles/encode.h"

namespace topobathy {
namespace {

using Dataset = std::unique_ptr<GDALDataset, GDALDatasetUniquePtrDeleter>;

[[noreturn]] void fail(const char* format) {
  const std::string why = CPLGetLastErrorMsg();
  throw Error(ErrorCode::kUnsupported, std::string("GDAL cannot write a tile as ") + format +
                                           (why.empty() ? "" : ": " + why));
}

GDALDriver& driver(const char* name) {
  GDALDriver* const found = GetGDALDriverManager()->GetDriverByName(name);
  if (found == nullptr)
    throw Error(ErrorCode::kUnsupported,
                std::string("this GDAL is built without its driver ") + name);
  return *found;
}

/// A file in memory that goes away with this object.
class MemoryFile {
 public:
  MemoryFile() {
    static std::atomic<std::uint64_t> number{0};
    path_ = "/vsimem/topobathy_tile_" + std::to_string(++number);
  }
  ~MemoryFile() {
    VSIUnlink(path_.c_str());
    VSIUnlink((path_ + ".aux.xml").c_str());
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  const char* path() const noexcept { return path_.c_str(); }
  Bytes take() {
    vsi_l_offset size = 0;
    GByte* const data = VSIGetMemFileBuffer(path_.c_str(), &size, FALSE);
    return data == nullptr ? Bytes() : Bytes(data, data + size);
  }

 private:
  std::string path_;
};

/// GDAL's errors become the message of ours, and are not printed as well.
class QuietErrors {
 public:
  QuietErrors() {
    CPLPushErrorHandler(CPLQuietErrorHandler);
    CPLErrorReset();
  }
  ~QuietErrors() { CPLPopErrorHandler(); }
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;
};

Dataset memory_dataset(std::int64_t width, std::int64_t height, int bands, GDALDataType type) {
  Dataset dataset(driver("MEM").Create("", static_cast<int>(width), static_cast<int>(height), bands,
                                       type, nullptr));
  if (!dataset) fail("a dataset in memory");
  return dataset;
}

Bytes written_as(const char* format, GDALDataset& dataset, const CPLStringList& options) {
  MemoryFile file;
  Dataset copy(
      driver(format).CreateCopy(file.path(), &dataset, FALSE, options.List(), nullptr, nullptr));
  if (!copy) fail(format);
  copy.reset();  // some drivers write when they close
  Bytes bytes = file.take();
  if (bytes.empty()) fail(format);
  return bytes;
}

/// Band `number` of the tile, without its margin.
template <class T>
void fill_band(const TilePixels& pixels, const Plane<T>& plane, int number, GDALDataset& dataset) {
  const auto width = static_cast<std::size_t>(pixels.tile.width);
  std::vector<float> line(width);
  for (std::int64_t r = 0; r < pixels.tile.height; ++r) {
    const T* const in = plane.row(pixels.top() + r) + pixels.left();
    for (std::size_t c = 0; c < width; ++c)
      line[c] = std::is_same_v<T, SourceId> && in[c] == T{0} ? kNoValue : static_cast<float>(in[c]);
    if (dataset.GetRasterBand(number)->RasterIO(
            GF_Write, 0, static_cast<int>(r), static_cast<int>(width), 1, line.data(),
            static_cast<int>(width), 1, GDT_Float32, 0, 0, nullptr) != CE_None)
      fail("a dataset in memory");
  }
}

void name_band(GDALDataset& dataset, int number, const char* name, const char* unit) {
  GDALRasterBand& band = *dataset.GetRasterBand(number);
  band.SetDescription(name);
  band.SetUnitType(unit);
  band.SetNoDataValue(std::numeric_limits<double>::quiet_NaN());
}

void place(const TilePixels& pixels, const std::string& crs_wkt, GDALDataset& dataset) {
  const Lattice& lattice = pixels.lattice;
  double transform[6] = {
      lattice.x(pixels.tile.col), lattice.pixel_size(), 0.0, lattice.y(pixels.tile.row), 0.0,
      -lattice.pixel_size()};
  dataset.SetGeoTransform(transform);
  OGRSpatialReference crs;
  crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  if (crs.importFromWkt(crs_wkt.c_str()) == OGRERR_NONE) dataset.SetSpatialRef(&crs);
}

}  // namespace

Bytes encode_webp(const Image& image) {
  const QuietErrors quiet;
  const Dataset dataset = memory_dataset(image.width, image.height, 4, GDT_Byte);
  const auto pixels = const_cast<Rgba*>(image.pixels.data());  // RasterIO writes from it only
  if (dataset->RasterIO(GF_Write, 0, 0, image.width, image.height, pixels, image.width,
                        image.height, GDT_Byte, 4, nullptr, 4, image.width * 4, 1,
                        nullptr) != CE_None)
    fail("WEBP");
  CPLStringList options;
  options.SetNameValue("LOSSLESS", "YES");
  options.SetNameValue("METHOD", "0");  // the quickest; its pictures are a little larger
  return written_as("WEBP", *dataset, options);
}

Bytes encode_tif(const TilePixels& pixels, const std::string& crs_wkt, const std::string& sources) {
  const QuietErrors quiet;
  const Dataset dataset = memory_dataset(pixels.tile.width, pixels.tile.height, 3, GDT_Float32);
  place(pixels, crs_wkt, *dataset);
  fill_band(pixels, pixels.planes.elevation, 1, *dataset);
  fill_band(pixels, pixels.planes.uncertainty, 2, *dataset);
  fill_band(pixels, pixels.planes.source, 3, *dataset);
  name_band(*dataset, 1, "Elevation", "m");
  name_band(*dataset, 2, "Uncertainty", "m");
  name_band(*dataset, 3, "Contributor", "");
  dataset->GetRasterBand(3)->SetMetadataItem("SOURCES", sources.c_str());
  CPLStringList options;
  options.SetNameValue("COMPRESS", "DEFLATE");
  options.SetNameValue("PREDICTOR", "YES");
  options.SetNameValue("LEVEL", "1");
  options.SetNameValue("BLOCKSIZE", "256");
  options.SetNameValue("OVERVIEWS", "NONE");
  return written_as("COG", *dataset, options);
}

}  // namespace topobathy
