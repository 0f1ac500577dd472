#pragma once

#include <memory>
#include <string>

#include "providers/dem/asset_revision.h"
#include "providers/dem/dem_source.h"
#include "providers/dem/named_tile.h"
#include "providers/dem/vrt_index.h"

namespace topobathy {

/// The tiles of a published VRT mosaic, asked for as a whole: the discovery region "<product>:all".
class VrtTiles final : public DemSource {
 public:
  VrtTiles(std::shared_ptr<ArchiveContext> context, const std::string& product, VrtPlace place,
           DescribeTile describe);

  std::vector<Asset> list(const LonLatBox& box) override;
  void state_revision(Asset& asset) override { revision_.state(asset, {region_}); }

 private:
  Discovery ask() const;

  const std::shared_ptr<ArchiveContext> context_;
  const std::string region_;
  const VrtPlace place_;
  const DescribeTile describe_;
  const AssetRevision revision_;
};

}  // namespace topobathy
