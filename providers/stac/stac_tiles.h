#pragma once

#include <functional>
#include <memory>
#include <string>

#include "providers/archive/square_regions.h"
#include "providers/dem/asset_revision.h"
#include "providers/dem/dem_source.h"
#include "providers/stac/sas_tokens.h"
#include "providers/stac/stac_client.h"

namespace topobathy {

/// The tiles of a collection of the Planetary Computer, asked for by squares of one degree: the
/// discovery regions "<collection>:<square>". All pages are taken; links are kept unsigned.
class StacTiles final : public DemSource {
 public:
  struct Collection {
    std::string name;
    double gsd = 0.0;  ///< metres; 0 = items of any: products that differ in it are never mixed
    /// Fills in what the provider knows of an item's tile.
    std::function<void(const StacItem&, Asset&)> describe;
  };
  StacTiles(std::shared_ptr<ArchiveContext> context, Collection collection);

  std::vector<Asset> list(const LonLatBox& box) override;
  void state_revision(Asset& asset) override;
  void make_ready(const Asset& asset) override;

 private:
  Discovery ask(const LonLatBox& square) const;
  Asset tile_of(const StacItem& item) const;

  const std::shared_ptr<ArchiveContext> context_;
  const Collection collection_;
  const SquareRegions regions_;
  const StacClient client_;
  const std::shared_ptr<SasTokens> tokens_;
  const AssetRevision revision_;
};

}  // namespace topobathy
