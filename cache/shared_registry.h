#pragma once

#include <memory>
#include <string>

#include "fusion/source_ids.h"

namespace topobathy {

/// The process's one registry of a cache root, kept while somebody holds it. \throws Error as
/// open_source_registry
std::shared_ptr<SourceIds> shared_source_registry(const std::string& cache_root, bool read_only);

}  // namespace topobathy
