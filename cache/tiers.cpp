#include "cache/tiers.h"

#include <cassert>

namespace topobathy {

const std::array<Tier, kTierCount>& tiers() {
  static const std::array<Tier, kTierCount> kAll = {{
      {1, "output tiles", "tiles/{visual/<style>,data,raw}/<z>/<x>/",
       "rendered map tiles with their metadata and source ids", "seconds a tile",
       "after a style has changed, or for room: they are made again from fused cells", false},
      {2, "fused cells", "fused_zarr/<policy8>/",
       "the fused raster of each policy, cell by cell, all levels", "seconds to minutes a cell",
       "for room, or to drop a policy no longer used; a changed source or policy needs no purge: "
       "such cells are never read",
       false},
      {3, "provider cells", "<provider>/zarr/, <provider>/grids/",
       "the layer of each archive on the lattice before it is blended, and rasters made of point "
       "clouds",
       "minutes to hours: archives are asked and files read again",
       "for room, when the policies that blend these archives will not change any more", false},
      {4, "discovery caches",
       "<provider>/discovery.sqlite, <provider>/{sidecars,tile_index}/, <provider>/*.gpkg",
       "what archives have and where: listings, tile schemes, attribute tables",
       "seconds to minutes: the archives are asked again",
       "to see at once what an archive has published; it expires by itself within days", false},
      {5, "raw source files", "<provider>/raw/", "files of archives that must be had whole",
       "hours: every file is downloaded again",
       "only for room that nothing else gives, or a file known to be wrong", true},
  }};
  return kAll;
}

const Tier& tier(int number) {
  assert(number >= 1 && number <= kTierCount);
  return tiers()[static_cast<std::size_t>(number - 1)];
}

const char* to_text(ItemKind kind) noexcept {
  switch (kind) {
    case ItemKind::kTile:
      return "tile";
    case ItemKind::kTileCompanion:
      return "metadata of a tile";
    case ItemKind::kFusedCell:
      return "fused cell";
    case ItemKind::kProviderCell:
      return "provider cell";
    case ItemKind::kPointGrid:
      return "grid of a point cloud";
    case ItemKind::kDiscovery:
      return "discovery cache";
    case ItemKind::kDiscoveryFile:
      return "discovery file";
    case ItemKind::kRawFile:
      return "raw file";
    case ItemKind::kFileCompanion:
      return "metadata of a file";
    case ItemKind::kSqliteSide:
      return "part of a database";
    case ItemKind::kLock:
      return "lock";
    case ItemKind::kTemporary:
      return "temporary";
    case ItemKind::kPart:
      return "part of a download";
    case ItemKind::kJob:
      return "job";
    case ItemKind::kJobCells:
      return "cells of a job";
    case ItemKind::kPolicyCopy:
      return "policy copy";
    case ItemKind::kRegistry:
      return "source registry";
    case ItemKind::kHeaderCache:
      return "header cache";
    case ItemKind::kForeign:
      break;
  }
  return "not ours";
}

bool ItemClass::is_item() const noexcept {
  return tier != 0 && kind != ItemKind::kTileCompanion && kind != ItemKind::kFileCompanion &&
         kind != ItemKind::kSqliteSide;
}

}  // namespace topobathy
