#pragma once

#include <memory>
#include <string>

#include "driver/attribute_table.h"
#include "driver/fused_band.h"
#include "driver/metadata.h"
#include "driver/open_options.h"
#include "driver/overviews.h"

namespace topobathy {

/// An opened policy.
///
/// It is no GDALPamDataset on purpose: statistics in an .aux.xml beside the policy would outlive
/// every change of policy, source or option, and nothing in the file says which raster they were
/// counted on. Statistics live as long as the dataset, and are quick because of the overviews.
class Dataset final : public FusedDataset {
 public:
  /// \throws Error(kUsage) when the raster is too large for GDAL
  Dataset(const std::shared_ptr<FusedRaster>& raster, const OpenSettings& settings);
  ~Dataset() override;

  Overviews& overviews() noexcept { return overviews_; }
  /// The Contributor band's table, up to date. Null after an error.
  GDALRasterAttributeTable* attribute_table();

  char** GetFileList() override;
  char** GetMetadataDomainList() override;
  MetadataList GetMetadata(const char* domain) override;
  const char* GetMetadataItem(const char* name, const char* domain) override;
  /// Also looks at the sources again: what changed on disk is seen from then on.
  FlushResult FlushCache(bool at_closing) override;

 protected:
  int CloseDependentDatasets() override;

 private:
  /// Counters or sources as a list; empty for another domain. \throws Error
  CPLStringList made_metadata(const char* domain) const;

  Overviews overviews_;
  AttributeTable attribute_table_;
  Kept<KeptList> kept_lists_;
};

/// A band of an opened policy: adds what overviews do not have.
class DatasetBand final : public FusedBand {
 public:
  DatasetBand(Dataset& dataset, int number) : FusedBand(dataset, number), dataset_(dataset) {}

  int GetOverviewCount() override;
  GDALRasterBand* GetOverview(int index) override;
  GDALRasterAttributeTable* GetDefaultRAT() override;

 private:
  Dataset& dataset_;
};

}  // namespace topobathy
