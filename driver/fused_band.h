#pragma once

#include "driver/band_layout.h"
#include "driver/fused_dataset.h"

namespace topobathy {

/// A band of a fused dataset or of one of its overviews.
class FusedBand : public GDALRasterBand {
 public:
  FusedBand(FusedDataset& dataset, int number);

  BandKind kind() const noexcept { return kind_; }

  double GetNoDataValue(int* has_value) override;
  const char* GetUnitType() override;
  GDALColorInterp GetColorInterpretation() override;
  char** GetMetadataDomainList() override;
  const char* GetMetadataItem(const char* name, const char* domain) override;

 protected:
  CPLErr IReadBlock(int block_col, int block_row, void* data) override;
  CPLErr IRasterIO(GDALRWFlag mode, int col, int row, int width, int height, void* data,
                   int buffer_width, int buffer_height, GDALDataType type, GSpacing pixel_space,
                   GSpacing line_space, GDALRasterIOExtraArg* extra) override;
  int IGetDataCoverageStatus(int col, int row, int width, int height, int stop_mask,
                             double* percent) override;

 private:
  FusedDataset& dataset_;
  const BandKind kind_;
};

}  // namespace topobathy
