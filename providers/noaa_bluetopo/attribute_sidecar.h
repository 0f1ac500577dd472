#pragma once

#include <string>

#include "providers/archive/archive_context.h"
#include "providers/archive/asset.h"

namespace topobathy {

/// Whether a text is a PAM side-car with a raster attribute table that has a column `value`, as
/// BlueTopo publishes them.
bool has_contributor_table(const std::string& xml);

/// The side-car of a tile on this machine.
struct LocalSidecar {
  std::string path;
  bool was_asked_for = false;  ///< the archive has just been asked, so it has the tile too
  bool is_gone = false;        ///< the archive no longer has it: there is no file at `path`
};

/// The side-car that an asset names, from `<folder>/sidecars/` (tier 4) or fetched to there, its
/// SHA-256 and content checked. A name is dated, so editions do not meet; one that holds other
/// bytes than the index says is fetched again. A refusal is never remembered. \throws
/// Error(kUnreadable) it cannot be had or is damaged, (kCache) it cannot be kept
LocalSidecar fetch_sidecar(const ArchiveContext& context, const Asset& asset);

}  // namespace topobathy
