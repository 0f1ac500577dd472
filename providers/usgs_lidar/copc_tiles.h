#pragma once

#include <memory>
#include <string>
#include <vector>

#include "providers/archive/archive_context.h"
#include "providers/archive/asset.h"
#include "providers/archive/square_regions.h"
#include "providers/dem/asset_revision.h"
#include "providers/stac/sas_tokens.h"
#include "providers/stac/stac_client.h"

namespace topobathy {

/// The tiles of 3DEP's surveys as COPC files, from the Planetary Computer's collection
/// 3dep-lidar-copc: every item is an asset of its own. Asked for by squares of a quarter of a
/// degree: a survey has some hundred tiles there. Thread-safe.
class CopcTiles {
 public:
  explicit CopcTiles(std::shared_ptr<ArchiveContext> context);

  /// Those that touch the box, each once; editions are not stated yet. \throws Error
  std::vector<Asset> list(const LonLatBox& box) const;
  /// States the edition. \throws Error
  void state_revision(Asset& asset) const;
  /// Asks for a tile's file, signed.
  HttpAnswer ask(const HttpRequest& request) const { return tokens_->ask(request); }
  /// The whole of a tile's file. \throws Error
  void download(const Asset& asset, const std::string& path) const;
  /// The CRS that the catalogue states for a tile, compound where it states heights. \throws Error
  std::string stated_crs(const Asset& asset) const;

 private:
  Discovery ask_square(const LonLatBox& square) const;

  const std::shared_ptr<ArchiveContext> context_;
  const SquareRegions regions_;
  const StacClient client_;
  const std::shared_ptr<SasTokens> tokens_;
  const AssetRevision revision_;
};

}  // namespace topobathy
