#include "driver/fused_dataset.h"

#include <algorithm>
#include <utility>

#include "driver/fused_band.h"
#include "driver/guard.h"
#include "driver/location_info.h"
#include "driver/read_plan.h"

namespace topobathy {
namespace {

constexpr std::size_t kKeptTexts = 64;

RasterRead raster_read(int col, int row, int width, int height, int buffer_width, int buffer_height,
                       const GDALRasterIOExtraArg* extra) {
  RasterRead read{static_cast<double>(col),
                  static_cast<double>(row),
                  static_cast<double>(width),
                  static_cast<double>(height),
                  buffer_width,
                  buffer_height,
                  GRIORA_NearestNeighbour};
  if (extra == nullptr) return read;
  read.algorithm = extra->eResampleAlg;
  if (!extra->bFloatingPointWindowValidity) return read;
  read.col = extra->dfXOff;
  read.row = extra->dfYOff;
  read.width = extra->dfXSize;
  read.height = extra->dfYSize;
  return read;
}

FusedRaster::Progress progress_of(const GDALRasterIOExtraArg* extra) {
  if (extra == nullptr || extra->pfnProgress == nullptr) return nullptr;
  return [extra](double part) { return extra->pfnProgress(part, "", extra->pProgressData) != 0; };
}

}  // namespace

FusedDataset::FusedDataset(LevelView view, BandLayout layout, const OGRSpatialReference& srs)
    : view_(std::move(view)), layout_(std::move(layout)), srs_(srs), kept_texts_(kKeptTexts) {
  nRasterXSize = view_.width();
  nRasterYSize = view_.height();
  eAccess = GA_ReadOnly;
}

CPLErr FusedDataset::read(int col, int row, int width, int height, int buffer_width,
                          int buffer_height, const std::vector<BandKind>& bands,
                          const TargetBuffer& target, GDALRasterIOExtraArg* extra) {
  return guarded(CE_Failure, [&] {
    const ReadPlan plan =
        plan_read(view_, raster_read(col, row, width, height, buffer_width, buffer_height, extra));
    const FusedRaster::Progress progress = progress_of(extra);
    const BufferWriter writer(target, layout_, bands);
    if (plan.exact) {
      write_cells(plan.steps, exact_window(view_, plan), planes_for(bands), writer, progress);
    } else {
      read_pieces(view_, plan, planes_for(bands), progress,
                  [&writer](const LayerPlanes& piece) { writer.write(piece); });
    }
    if (progress) progress(1.0);
    return CE_None;
  });
}

void FusedDataset::write_cells(int steps, const LatticeWindow& window, const BandSelection& bands,
                               const BufferWriter& writer, const FusedRaster::Progress& progress) {
  view_.raster().read_parts(
      view_.level() + steps, window, bands,
      [&](const FusedCell& cell, const LatticeWindow& part) {
        writer.write({cell.window, part, cell.elevation, cell.uncertainty, cell.source}, window.col,
                     window.row);
      },
      progress);
}

CPLErr FusedDataset::read_block(const LatticeWindow& block, BandKind kind, void* data) {
  return guarded(CE_Failure, [&] {
    const GDALDataType type = layout_.type_of(kind);
    const int size = GDALGetDataTypeSizeBytes(type);
    const LatticeWindow inside = block.intersect({0, 0, view_.width(), view_.height()});
    if (inside != block) {
      const double nodata = layout_.nodata_of(kind);
      GDALCopyWords64(&nodata, GDT_Float64, 0, data, type, size,
                      static_cast<GPtrDiff_t>(block.area()));
    }
    write_cells(0, view_.on_lattice(inside), planes_for({kind}),
                BufferWriter({data, type, size, size * block.width, 0}, layout_, {kind}), nullptr);
    return CE_None;
  });
}

int FusedDataset::coverage_status(const LatticeWindow& window, double* percent) {
  if (percent != nullptr) *percent = -1.0;  // GDAL's word for "not known"
  // A source that cannot be read is the read's error to report, not this hint's.
  try {
    const QuietFailures quiet;
    const Coverage coverage = view_.raster().coverage(view_.level(), view_.on_lattice(window));
    if (coverage == Coverage::kPartial)
      return GDAL_DATA_COVERAGE_STATUS_DATA | GDAL_DATA_COVERAGE_STATUS_EMPTY;
    const bool full = coverage == Coverage::kFull;
    if (percent != nullptr) *percent = full ? 100.0 : 0.0;
    return full ? GDAL_DATA_COVERAGE_STATUS_DATA : GDAL_DATA_COVERAGE_STATUS_EMPTY;
  } catch (const std::exception&) {
    return GDAL_DATA_COVERAGE_STATUS_UNIMPLEMENTED | GDAL_DATA_COVERAGE_STATUS_DATA;
  }
}

const char* FusedDataset::location_info(const char* item) {
  return guarded(static_cast<const char*>(nullptr), [&]() -> const char* {
    const auto place = location_of(view_, item);
    if (!place) return nullptr;
    const LatticeWindow pixel = view_.on_lattice({place->col, place->row, 1, 1});
    return keep(location_info_xml(view_.raster().explain(view_.level(), pixel.col, pixel.row)));
  });
}

CPLErr FusedDataset::IRasterIO(GDALRWFlag mode, int col, int row, int width, int height, void* data,
                               int buffer_width, int buffer_height, GDALDataType type,
                               int band_count, BandMap band_map, GSpacing pixel_space,
                               GSpacing line_space, GSpacing band_space,
                               GDALRasterIOExtraArg* extra) {
  const bool resized = buffer_width != width || buffer_height != height;
  if (mode == GF_Write || (resized && is_left_to_gdal(extra->eResampleAlg)))
    return BandBasedRasterIO(mode, col, row, width, height, data, buffer_width, buffer_height, type,
                             band_count, band_map, pixel_space, line_space, band_space, extra);
  std::vector<BandKind> bands;
  for (int i = 0; i < band_count; ++i)
    bands.push_back(layout_.bands[static_cast<std::size_t>(band_map[i] - 1)]);
  return read(col, row, width, height, buffer_width, buffer_height, bands,
              {data, type, pixel_space, line_space, band_space}, extra);
}

}  // namespace topobathy
