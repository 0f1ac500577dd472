#pragma once

#include <string>
#include <vector>

#include "driver/band_layout.h"
#include "driver/buffer_writer.h"
#include "driver/gdal_compat.h"
#include "driver/kept.h"
#include "driver/level_view.h"

namespace topobathy {

/// One level of a fused raster as a GDAL dataset: georeferencing and reading. The dataset itself
/// and its overviews are of this kind. Holds no pixels and no state of a read, so reads may run at
/// once.
class FusedDataset : public CompatDataset {
 public:
  /// \throws Error(kUsage) when the level is too large for GDAL
  FusedDataset(LevelView view, BandLayout layout, const OGRSpatialReference& srs);

  const LevelView& view() const noexcept { return view_; }
  const BandLayout& layout() const noexcept { return layout_; }

  const OGRSpatialReference* GetSpatialRef() const override { return &srs_; }

  /// Reads the bands in one go. The one entry of every RasterIO.
  CPLErr read(int col, int row, int width, int height, int buffer_width, int buffer_height,
              const std::vector<BandKind>& bands, const TargetBuffer& target,
              GDALRasterIOExtraArg* extra);
  /// Fills a whole block of one band, beyond the raster's edge with nodata.
  CPLErr read_block(const LatticeWindow& block, BandKind kind, void* data);
  int coverage_status(const LatticeWindow& window, double* percent);
  /// An item of the bands' LocationInfo domain; null for an unknown item or a place outside.
  const char* location_info(const char* item);

 protected:
  GeoTransform geo_transform() const noexcept override { return view_.geo_transform(); }
  const char* keep(std::string text) { return kept_texts_.keep(std::move(text)).c_str(); }

  CPLErr IRasterIO(GDALRWFlag mode, int col, int row, int width, int height, void* data,
                   int buffer_width, int buffer_height, GDALDataType type, int band_count,
                   BandMap band_map, GSpacing pixel_space, GSpacing line_space, GSpacing band_space,
                   GDALRasterIOExtraArg* extra) override;

 private:
  /// The pixels of a lattice window, `steps` levels coarser than the view, straight from the cells.
  void write_cells(int steps, const LatticeWindow& window, const BandSelection& bands,
                   const BufferWriter& writer, const FusedRaster::Progress& progress);

  const LevelView view_;
  const BandLayout layout_;
  OGRSpatialReference srs_;
  Kept<std::string> kept_texts_;
};

}  // namespace topobathy
