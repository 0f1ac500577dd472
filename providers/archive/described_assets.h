#pragma once

#include <vector>

#include "providers/archive/archive.h"
#include "providers/raster/raster_catalogue.h"
#include "providers/source_access.h"

namespace topobathy {

/// What the files of assets are.
struct DescribedAssets {
  std::vector<DescribedFile> files;  ///< in the assets' order; those that were not to be had last
  bool any_replaced = false;         ///< whether there were files of other editions
};

/// Fetches the files of assets where they are not at hand, and looks at them. A file that cannot be
/// had is a failure among the others. So is one that is read where it lies and was replaced since
/// its edition was looked up: its cells would be kept under the edition before. The archive is told
/// to ask for it anew.
/// \param pixel the size of the pixels wanted, metres
DescribedAssets describe_assets(Archive& archive, const std::vector<Asset>& assets, double pixel,
                                const Step& step, const SourceAccess& access);

}  // namespace topobathy
