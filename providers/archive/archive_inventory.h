#pragma once

#include "fusion/inventory.h"
#include "providers/archive/archive.h"

namespace topobathy {

/// What a step's archive has where a window is fused, the file on top first; nothing is fetched but
/// what discovery asks for. `offline`: an archive that cannot be asked makes the inventory an
/// unlisted one. \throws Error: the window is too large for an archive to be asked, or the archive
/// does not answer
LayerInventory archive_inventory(Archive& archive, const Step& step, bool offline,
                                 const InventoryRequest& request);

}  // namespace topobathy
