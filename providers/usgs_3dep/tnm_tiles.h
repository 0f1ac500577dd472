#pragma once

#include <memory>
#include <string>
#include <vector>

#include "providers/archive/square_regions.h"
#include "providers/dem/dem_source.h"

namespace topobathy {

/// The 1 m tiles of 3DEP's lidar projects, found through the TNM access API by squares of a quarter
/// degree: the discovery regions "1m:<square>". A project's later publication lies on top.
class TnmTiles final : public DemSource {
 public:
  explicit TnmTiles(std::shared_ptr<ArchiveContext> context);

  std::vector<Asset> list(const LonLatBox& box) override;
  /// Stated by the API: the time of the last change and the size.
  void state_revision(Asset& /*asset*/) override {}

  static constexpr int kPageSize = 100;
  static constexpr int kMaxItems = 20000;  ///< of a square; real ones have some hundreds

 private:
  Discovery ask(const LonLatBox& square) const;

  const std::shared_ptr<ArchiveContext> context_;
  const SquareRegions regions_;
};

}  // namespace topobathy
