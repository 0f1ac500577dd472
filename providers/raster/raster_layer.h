#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "fusion/layer_source.h"
#include "fusion/policy/policy.h"
#include "providers/raster/catalogue_ids.h"
#include "providers/raster/used_tiles.h"
#include "providers/source_access.h"

namespace topobathy {

/// Provider `raster`: any raster files that GDAL reads, as one layer. Opens nothing until the first
/// member is called.
class RasterLayer final : public LayerSource {
 public:
  RasterLayer(Step step, std::string directory, std::shared_ptr<SourceIds> ids, SourceAccess access,
              HeightTarget heights);

  bool may_cover(const Lattice& lattice, const LatticeWindow& window) override;
  std::vector<SourceRevision> revisions(const Lattice& lattice,
                                        const LatticeWindow& window) override;
  LayerOutcome read(const LayerRequest& request, LayerPlanes& planes) override;
  std::optional<LonLatBox> lonlat_extent() override;
  std::size_t named_sources() const override;
  std::vector<SourceId> source_ids(bool look) override;
  bool revalidate() override;
  SourceReport report(const Lattice& lattice) override;
  LayerInventory inventory(const InventoryRequest& request) override;

 private:
  /// The files as found at one moment; replaced as a whole by refresh().
  struct Snapshot {
    RasterCatalogue catalogue;
    CatalogueIds ids;
  };
  std::shared_ptr<const Snapshot> snapshot();
  std::vector<int> files_near(const Snapshot& snapshot, const Lattice& lattice,
                              const LatticeWindow& window) const;

  const Step step_;
  const std::string directory_;
  const std::shared_ptr<SourceIds> ids_;
  const SourceAccess access_;
  const HeightTarget heights_;
  std::mutex mutex_;
  std::shared_ptr<const Snapshot> snapshot_;
  FinishedTiles finished_;
};

}  // namespace topobathy
