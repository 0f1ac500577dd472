#include "driver/fused_band.h"

#include "driver/metadata.h"
#include "driver/read_plan.h"

namespace topobathy {
namespace {

/// The size of a projected lattice's cells; a good tile for most output formats, too.
constexpr int kBlockSize = 512;

}  // namespace

FusedBand::FusedBand(FusedDataset& dataset, int number)
    : dataset_(dataset), kind_(dataset.layout().bands[static_cast<std::size_t>(number - 1)]) {
  poDS = &dataset;
  nBand = number;
  nRasterXSize = dataset.GetRasterXSize();
  nRasterYSize = dataset.GetRasterYSize();
  eDataType = dataset.layout().type_of(kind_);
  eAccess = GA_ReadOnly;
  nBlockXSize = kBlockSize;
  nBlockYSize = kBlockSize;
  GDALRasterBand::SetDescription(band_name(kind_));
}

double FusedBand::GetNoDataValue(int* has_value) {
  if (has_value != nullptr) *has_value = TRUE;
  return dataset_.layout().nodata_of(kind_);
}

const char* FusedBand::GetUnitType() {
  return kind_ == BandKind::kContributor ? "" : "m";
}

GDALColorInterp FusedBand::GetColorInterpretation() {
  return kind_ == BandKind::kElevation ? GCI_GrayIndex : GCI_Undefined;
}

char** FusedBand::GetMetadataDomainList() {
  return CSLAddString(GDALRasterBand::GetMetadataDomainList(), kLocationDomain);
}

const char* FusedBand::GetMetadataItem(const char* name, const char* domain) {
  if (name != nullptr && domain != nullptr && EQUAL(domain, kLocationDomain))
    return dataset_.location_info(name);
  return GDALRasterBand::GetMetadataItem(name, domain);
}

CPLErr FusedBand::IReadBlock(int block_col, int block_row, void* data) {
  return dataset_.read_block({std::int64_t{block_col} * kBlockSize,
                              std::int64_t{block_row} * kBlockSize, kBlockSize, kBlockSize},
                             kind_, data);
}

CPLErr FusedBand::IRasterIO(GDALRWFlag mode, int col, int row, int width, int height, void* data,
                            int buffer_width, int buffer_height, GDALDataType type,
                            GSpacing pixel_space, GSpacing line_space,
                            GDALRasterIOExtraArg* extra) {
  const bool resized = buffer_width != width || buffer_height != height;
  // Ids are never mixed: of GDAL's own algorithms only mode makes sense for them.
  const bool of_gdal = is_left_to_gdal(extra->eResampleAlg) &&
                       (kind_ != BandKind::kContributor || extra->eResampleAlg == GRIORA_Mode);
  if (mode == GF_Write || (resized && of_gdal))
    return GDALRasterBand::IRasterIO(mode, col, row, width, height, data, buffer_width,
                                     buffer_height, type, pixel_space, line_space, extra);
  return dataset_.read(col, row, width, height, buffer_width, buffer_height, {kind_},
                       {data, type, pixel_space, line_space, 0}, extra);
}

int FusedBand::IGetDataCoverageStatus(int col, int row, int width, int height, int /*stop_mask*/,
                                      double* percent) {
  return dataset_.coverage_status({col, row, width, height}, percent);
}

}  // namespace topobathy
