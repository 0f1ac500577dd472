#pragma once

#include <memory>
#include <string>

#include "fusion/source_ids.h"

namespace topobathy {

/// SourceIds kept in `<cache root>/sources.sqlite`, shared by every process that uses the root: an
/// id once given is never given to another source. A read-only root, or one that does not exist yet
/// under CACHE=READ_ONLY, is served from what is there plus memory. \throws Error(kCache) when the
/// file is not such a registry
std::unique_ptr<SourceIds> open_source_registry(const std::string& cache_root, bool read_only);

}  // namespace topobathy
