#pragma once

#include <memory>

#include "fusion/inventory.h"
#include "providers/open.h"

namespace topobathy {

/// What reading a box of a policy would take. Values only.
struct Analysis {
  std::shared_ptr<FusedRaster> raster;
  int level = 0;
  LatticeWindow window;  ///< of the box, pixels of the level
  LonLatBox box;         ///< of the window; east may pass 180
  Inventory inventory;   ///< for all cells that the window touches
};

/// Opens the policy of a request whose bbox is what is to be analysed, not the raster's extent:
/// that stays the policy's own. Where the policy states none the box is the extent too, so that
/// nothing is asked where it lies. \throws Error as open_policy()
std::shared_ptr<FusedRaster> open_for_analysis(const OpenRequest& request);

/// A dry run over the request's bbox, by default over the whole extent: archives' catalogues are
/// asked (unless offline), no file of theirs is fetched and no pixel read. What goes wrong with a
/// step stands in its inventory. \pre 0 <= level <= raster's coarsest \throws Error(kUsage): the
/// box has no image in the raster's CRS, or too many cells
Analysis analyze(std::shared_ptr<FusedRaster> raster, int level, const OpenRequest& request);

}  // namespace topobathy
