#pragma once

#include "fusion/fused_cell.h"
#include "fusion/source_ids.h"

namespace topobathy {

/// Gives the cell the ids that `ids` has for its sources: a cell from another cache may have
/// numbered two colliding sources, or two of one key, the other way round. Registers the cell's
/// sources on the way; what is known of them already stays (a cell's table may be older). The
/// background's id is the same everywhere. \throws what SourceIds::assign throws; the cell is then
/// unchanged
void remap_sources(FusedCell& cell, SourceIds& ids);

/// Whether `ids` names the cell's sources as the cell does; registers those it does not know. A
/// cell that is kept in memory may have been numbered by another registry: that of a cache that has
/// been deleted and begun anew, or one that nobody held for a while.
bool has_ids_of(const FusedCell& cell, SourceIds& ids);

}  // namespace topobathy
