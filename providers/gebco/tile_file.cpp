#include "providers/gebco/tile_file.h"

#include <atomic>
#include <cmath>
#include <filesystem>
#include <limits>
#include <memory>
#include <set>

#include <cpl_minixml.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal_priv.h>
#include <gdal_rat.h>
#include <ogr_spatialref.h>

#include "cache/atomic_file.h"
#include "fusion/error.h"
#include "providers/gebco/gebco_record.h"
#include "providers/gebco/type_identifiers.h"
#include "providers/raster/gdal_errors.h"

namespace topobathy {
namespace {

constexpr int kTileEdge = kGebcoPerDegree;
constexpr int kElevationBand = 1;
constexpr int kContributorBand = 2;

/// A file of GDAL in memory, gone with the object.
class MemoryFile {
 public:
  MemoryFile() {
    static std::atomic<unsigned> number{0};
    path_ = "/vsimem/topobathy_gebco_" + std::to_string(++number) + ".tif";
  }
  ~MemoryFile() {
    VSIUnlink(path_.c_str());
    VSIUnlink((path_ + ".aux.xml").c_str());
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  const std::string& path() const noexcept { return path_; }
  Bytes content() const {
    vsi_l_offset size = 0;
    const GByte* const bytes = VSIGetMemFileBuffer(path_.c_str(), &size, /*bUnlinkAndSeize=*/false);
    return bytes == nullptr ? Bytes() : Bytes(bytes, bytes + size);
  }

 private:
  std::string path_;
};

[[noreturn]] void fail_tile(const GebcoTile& tile, const std::string& what) {
  throw Error(ErrorCode::kCache,
              "cannot make the GeoTIFF of GEBCO tile " + tile.name() + ": " + what +
                  "; see whether this GDAL writes GeoTIFF with DEFLATE (gdalinfo --format GTiff)");
}

void describe(GDALDataset& file, const GebcoTile& tile) {
  constexpr double kPixel = 1.0 / kTileEdge;
  double transform[6] = {static_cast<double>(tile.west),      kPixel, 0.0,
                         static_cast<double>(tile.south + 1), 0.0,    -kPixel};
  file.SetGeoTransform(transform);
  OGRSpatialReference crs;
  crs.importFromEPSG(4326);
  crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  file.SetSpatialRef(&crs);
  file.GetRasterBand(kElevationBand)->SetDescription("Elevation");
  file.GetRasterBand(kElevationBand)->SetUnitType("m");
  if (file.GetRasterCount() >= kContributorBand)
    file.GetRasterBand(kContributorBand)->SetDescription("Contributor");
  for (int band = 1; band <= file.GetRasterCount(); ++band)
    file.GetRasterBand(band)->SetNoDataValue(std::numeric_limits<double>::quiet_NaN());
}

CPLErr write_band(GDALDataset& file, int band, const std::vector<float>& pixels) {
  return file.GetRasterBand(band)->RasterIO(GF_Write, 0, 0, kTileEdge, kTileEdge,
                                            const_cast<float*>(pixels.data()), kTileEdge, kTileEdge,
                                            GDT_Float32, 0, 0, nullptr);
}

/// Each band by its own rule; GDAL's BuildOverviews of a GeoTIFF knows one for all bands only, so
/// it makes them empty.
CPLErr make_overviews(GDALDataset& file) {
  int factors[] = {2, 4, 8, 16};
  constexpr int kCount = 4;
  CPLErr status =
      file.BuildOverviews("NONE", kCount, factors, 0, nullptr, GDALDummyProgress, nullptr);
  for (int number = 1; status == CE_None && number <= file.GetRasterCount(); ++number) {
    GDALRasterBand* const band = file.GetRasterBand(number);
    GDALRasterBandH levels[kCount];
    for (int i = 0; i < kCount; ++i)
      levels[i] = GDALRasterBand::ToHandle(band->GetOverview(i));
    status = GDALRegenerateOverviews(GDALRasterBand::ToHandle(band), kCount, levels,
                                     number == kElevationBand ? "AVERAGE" : "MODE",
                                     GDALDummyProgress, nullptr);
  }
  return status;
}

Bytes tiff_bytes(const GebcoTile& tile, const GebcoPixels& pixels) {
  const QuietGdalErrors errors;
  const MemoryFile memory;
  GDALDriver* const driver = GetGDALDriverManager()->GetDriverByName("GTiff");
  if (driver == nullptr) fail_tile(tile, "GDAL has no GTiff driver");
  CPLStringList options;
  for (const char* option :
       {"TILED=YES", "BLOCKXSIZE=240", "BLOCKYSIZE=240", "COMPRESS=DEFLATE", "INTERLEAVE=BAND"})
    options.AddString(option);
  const int bands = pixels.tid.empty() ? 1 : kContributorBand;
  std::unique_ptr<GDALDataset> file(driver->Create(memory.path().c_str(), kTileEdge, kTileEdge,
                                                   bands, GDT_Float32, options.List()));
  if (!file) fail_tile(tile, errors.reason("it cannot be created"));
  describe(*file, tile);
  CPLErr status = write_band(*file, kElevationBand, pixels.elevation);
  if (status == CE_None && bands == kContributorBand)
    status = write_band(*file, kContributorBand, pixels.tid);
  if (status == CE_None) status = make_overviews(*file);
  file.reset();
  const Bytes content = memory.content();
  if (status != CE_None || content.empty()) fail_tile(tile, errors.reason("it cannot be written"));
  return content;
}

std::set<int> identifiers_in(const GebcoTile& tile, const std::vector<float>& tids) {
  std::set<int> found;
  for (const float tid : tids) {
    if (std::isnan(tid)) continue;
    if (!(tid >= 0.0F && tid <= 255.0F) || tid != std::trunc(tid))
      throw Error(ErrorCode::kUnreadable, "GEBCO tile " + tile.name() + " holds " +
                                              std::to_string(tid) +
                                              " where a type identifier (0 to 255) belongs; the "
                                              "source of its pixels cannot be named");
    found.insert(static_cast<int>(tid));
  }
  return found;
}

void fill_table(GDALRasterAttributeTable& table, const std::set<int>& identifiers) {
  table.CreateColumn("value", GFT_Integer, GFU_MinMax);
  for (const char* name : {"source_survey_id", "source_institution", "license_name", "license_url",
                           "vertical_datum", "meaning", "quality"})
    table.CreateColumn(name, GFT_String, GFU_Generic);
  const SourceRecord record = gebco_record();
  int row = 0;
  for (const int value : identifiers) {
    const TypeIdentifier known = type_identifier(value);
    int column = 0;
    table.SetValue(row, column, value);
    for (const std::string& text :
         {type_identifier_name(value), record.institution, record.license_name, record.license_url,
          record.vertical_datum, std::string(known.meaning), std::string(known.quality)})
      table.SetValue(row, ++column, text.c_str());
    ++row;
  }
}

struct FreeXml {
  void operator()(CPLXMLNode* node) const { CPLDestroyXMLNode(node); }
};

/// The PAM file: written out here, since GDAL versions differ in where they put a GeoTIFF's table.
std::string sidecar_text(const std::set<int>& identifiers) {
  const std::unique_ptr<CPLXMLNode, FreeXml> root(
      CPLCreateXMLNode(nullptr, CXT_Element, "PAMDataset"));
  if (!identifiers.empty()) {
    CPLXMLNode* const band = CPLCreateXMLNode(root.get(), CXT_Element, "PAMRasterBand");
    CPLAddXMLAttributeAndValue(band, "band", std::to_string(kContributorBand).c_str());
    GDALDefaultRasterAttributeTable table;
    fill_table(table, identifiers);
    CPLAddXMLChild(band, table.Serialize());
  }
  char* const text = CPLSerializeXMLTree(root.get());
  std::string copy(text);
  CPLFree(text);
  return copy;
}

}  // namespace

void write_tile_file(const std::string& path, const GebcoTile& tile, const GebcoPixels& pixels) {
  const std::string sidecar = sidecar_text(identifiers_in(tile, pixels.tid));
  const Bytes tiff = tiff_bytes(tile, pixels);
  write_file_atomically(posix_file_system(), path + ".aux.xml",
                        Bytes(sidecar.begin(), sidecar.end()));
  write_file_atomically(posix_file_system(), path, tiff);
}

bool has_tile_file(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored) &&
         std::filesystem::is_regular_file(path + ".aux.xml", ignored);
}

}  // namespace topobathy
