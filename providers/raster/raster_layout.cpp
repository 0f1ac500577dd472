#include "providers/raster/raster_layout.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <cpl_conv.h>
#include <cpl_string.h>

#include "fusion/error.h"
#include "providers/raster/metres_up.h"
#include "providers/raster/overview_levels.h"
#include "providers/raster/tile_shape.h"
#include "providers/raster/tuning.h"

namespace topobathy {
namespace {

[[noreturn]] void throw_unsupported(const std::string& path, const std::string& why) {
  throw Error(ErrorCode::kUnsupported, "cannot use '" + path + "': " + why);
}

/// A container (netCDF, HDF5) with several rasters opens without bands: say what to write instead.
[[noreturn]] void throw_no_bands(GDALDataset& dataset, const std::string& path) {
  constexpr int kMostNamed = 8;
  const CPLStringList subdatasets(CSLDuplicate(dataset.GetMetadata("SUBDATASETS")));
  std::string names;
  for (int i = 1; i <= kMostNamed; ++i) {
    const CPLString item = CPLString().Printf("SUBDATASET_%d_NAME", i);
    const char* const name = subdatasets.FetchNameValue(item.c_str());
    if (name != nullptr) names += (names.empty() ? "" : ", ") + std::string(name);
  }
  if (names.empty()) throw_unsupported(path, "it has no raster band");
  throw_unsupported(path, "it holds several rasters; name the one you mean as path: " + names);
}

std::optional<SampleType> sample_type(GDALDataType type) noexcept {
  switch (type) {
    case GDT_Byte:
      return SampleType::kUInt8;
    case GDT_UInt16:
      return SampleType::kUInt16;
    case GDT_Int16:
      return SampleType::kInt16;
    case GDT_UInt32:
      return SampleType::kUInt32;
    case GDT_Int32:
      return SampleType::kInt32;
    case GDT_Float32:
      return SampleType::kFloat32;
    case GDT_Float64:
      return SampleType::kFloat64;
    default:
      return std::nullopt;
  }
}

std::optional<double> band_nodata(GDALRasterBand& band) {
  int has = FALSE;
  double value = 0;
  if (band.GetRasterDataType() == GDT_Int64)
    value = static_cast<double>(band.GetNoDataValueAsInt64(&has));
  else if (band.GetRasterDataType() == GDT_UInt64)
    value = static_cast<double>(band.GetNoDataValueAsUInt64(&has));
  else
    value = band.GetNoDataValue(&has);
  return has != FALSE ? std::optional<double>(value) : std::nullopt;
}

bool has_own_mask(GDALRasterBand& band) {
  return (band.GetMaskFlags() & (GMF_PER_DATASET | GMF_ALPHA)) != 0;
}

/// Stored value to metres up; a damaged scale would wipe out the band, so it is refused.
SampleRule band_rule(GDALRasterBand& band, const std::string& path) {
  SampleRule rule;
  rule.nodata = band_nodata(band);
  int has = FALSE;
  const double scale = band.GetScale(&has);
  if (has != FALSE) rule.scale = scale;
  const double offset = band.GetOffset(&has);
  if (has != FALSE) rule.offset = offset;
  if (!std::isfinite(rule.scale) || rule.scale == 0 || !std::isfinite(rule.offset))
    throw_unsupported(path, "its band scale or offset is not a usable number");
  const double metres = metres_up(band);
  rule.scale *= metres;
  rule.offset = rule.offset * metres + 0.0;  // never -0, which would make depth 0 a negative zero
  return rule;
}

BandLayout band_layout(GDALRasterBand& band, const std::string& path) {
  const GDALDataType type = band.GetRasterDataType();
  if (GDALDataTypeIsComplex(type) != FALSE)
    throw_unsupported(path, "its values are complex numbers");
  const char* const pixel_type = band.GetMetadataItem("PIXELTYPE", "IMAGE_STRUCTURE");
  if (pixel_type != nullptr && EQUAL(pixel_type, "SIGNEDBYTE"))
    throw_unsupported(path, "its values are signed bytes; convert it to Int16");
  BandLayout layout;
  const std::optional<SampleType> known = sample_type(type);
  layout.type = known.value_or(SampleType::kFloat64);
  layout.exact_type = known.has_value();
  layout.masked = has_own_mask(band);
  layout.rule = band_rule(band, path);
  return layout;
}

std::string wkt_of(GDALDataset& dataset) {
  const OGRSpatialReference* const reference = dataset.GetSpatialRef();
  if (reference == nullptr || reference->IsEmpty()) return "";
  char* text = nullptr;
  const char* const options[] = {"FORMAT=WKT2_2019", "MULTILINE=NO", nullptr};
  reference->exportToWkt(&text, options);
  std::string wkt = text == nullptr ? "" : text;
  CPLFree(text);
  return wkt;
}

std::vector<std::string> files_of(GDALDataset& dataset, const std::string& path) {
  if (is_remote_path(path)) return {};  // to ask would cost a request for each neighbour
  const CPLStringList files(dataset.GetFileList());
  return {files.List(), files.List() + files.Count()};
}

void read_bands(GDALDataset& dataset, RasterLayout& layout) {
  const std::string& path = layout.recipe.path;
  layout.header.bands = dataset.GetRasterCount();
  if (layout.header.bands == 0) throw_no_bands(dataset, path);
  for (int b = 1; b <= layout.header.bands; ++b) {
    GDALRasterBand& band = *dataset.GetRasterBand(b);
    layout.bands.push_back(band_layout(band, path));
    layout.header.nodata.push_back(layout.bands.back().rule.nodata);
    layout.header.band_names.emplace_back(band.GetDescription());
  }
}

void read_levels(GDALDataset& dataset, RasterLayout& layout) {
  layout.levels = usable_levels(dataset, layout.recipe);
  for (LevelLayout& level : layout.levels) {
    const TileShape tile =
        choose_tile_shape(level.width, level.height, level.block_width, level.block_height);
    level.tile_width = tile.width;
    level.tile_height = tile.height;
    layout.header.levels.push_back({level.width, level.height, tile.width, tile.height});
  }
}

}  // namespace

TileWindow tile_window(const LevelLayout& level, std::int64_t tile_col,
                       std::int64_t tile_row) noexcept {
  TileWindow window{tile_col * level.tile_width, tile_row * level.tile_height, 0, 0};
  window.width = std::min(level.tile_width, level.width - window.col);
  window.height = std::min(level.tile_height, level.height - window.row);
  return window;
}

bool is_interleaved_by_pixel(GDALDataset& dataset) {
  const char* const interleave = dataset.GetMetadataItem("INTERLEAVE", "IMAGE_STRUCTURE");
  return dataset.GetRasterCount() > 1 && interleave != nullptr && EQUAL(interleave, "PIXEL");
}

RasterLayout read_layout(GDALDataset& dataset, const OpenRecipe& recipe) {
  RasterLayout layout;
  layout.recipe = recipe;
  RasterHeader& header = layout.header;
  header.path = recipe.path;
  header.driver = dataset.GetDriver() == nullptr ? "" : dataset.GetDriver()->GetDescription();
  header.revision = recipe.stamp ? recipe.stamp->text() : "";
  read_bands(dataset, layout);
  if (dataset.GetGeoTransform(header.geotransform) != CE_None)
    throw_unsupported(
        recipe.path,
        "it has no geotransform (perhaps a curvilinear grid or ground control points); "
        "warp it to a regular grid first (gdalwarp -geoloc)");
  header.crs_wkt = wkt_of(dataset);
  header.files = files_of(dataset, recipe.path);
  layout.pixel_interleaved = is_interleaved_by_pixel(dataset);
  read_levels(dataset, layout);
  return layout;
}

}  // namespace topobathy
