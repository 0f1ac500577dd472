#pragma once

#include <memory>
#include <string>

#include "cache/object_store.h"
#include "providers/http/clock.h"
#include "providers/http/http_limits.h"

namespace topobathy {

/// Cells below a path of GDAL's virtual file systems: `/vsis3/bucket/prefix`, `/vsigs/`, `/vsiaz/`,
/// `/vsimem/`. GDAL's configuration says with what rights. Nothing is asked until an object is.
///
/// Looking for an object is one GET, putting one is one PUT, of which GDAL sends nothing before all
/// of it is there. What GDAL remembers of a path is dropped before each look, so that what another
/// machine has put is seen at once. Requests that fail are tried again; where several in a row
/// failed with all their tries, the store is left alone for a while.
std::shared_ptr<ObjectStore> make_vsi_object_store(const std::string& root,
                                                   const HttpLimits& limits,
                                                   Clock& clock = system_clock());

}  // namespace topobathy
