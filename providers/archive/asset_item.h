#pragma once

#include "fusion/inventory.h"
#include "providers/archive/archive.h"

namespace topobathy {

/// A candidate as `analyze` tells of it; whether it is at hand is for its archive to say. Its
/// heights are what step and archive state: the file's own statement is seen only when it is
/// opened. \throws Error(kUsage): the step's vertical_crs is no datum
InventoryItem item_of(const Candidate& candidate, const Step& step);

}  // namespace topobathy
