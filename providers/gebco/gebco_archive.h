#pragma once

#include <memory>
#include <string>
#include <vector>

#include "providers/archive/archive.h"
#include "providers/gebco/gebco_source.h"

namespace topobathy {

/// GEBCO 2025, the global 15 arc-second grid, in tiles of a degree that are made here from its DAP2
/// service, or from the files in the folder that the GDAL configuration option TOPOBATHY_GEBCO_DIR
/// names. Products: sub_ice (default) and ice_surface.
///
/// A tile is kept in tier 5 and holds the source of each pixel (see tile_file.h). It is made at
/// full resolution whatever pixels are wanted: a stride of the service picks pixels, it does not
/// average them; coarse pixels come from the tile's overviews.
class GebcoArchive final : public Archive {
 public:
  explicit GebcoArchive(const ArchiveSetup& setup);

  /// The grid is global, so nothing is asked.
  std::vector<Candidate> find(const LonLatBox& box) override;
  AssetFile open(const Asset& asset, double pixel) override;
  bool is_local(const Asset& asset, double pixel) override;

 private:
  Asset asset_of(const GebcoTile& tile);
  std::string path_in(const std::string& folder, const GebcoTile& tile);
  void make(const std::string& path, const GebcoTile& tile);

  const std::unique_ptr<GebcoSource> source_;
};

}  // namespace topobathy
