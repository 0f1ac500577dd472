#pragma once

#include <functional>
#include <memory>
#include <string>

#include "fusion/fact_store.h"

namespace topobathy {

/// Where the headers of raster files are remembered (in no tier).
std::string raster_facts_path(const std::string& cache_root);

/// A FactStore in one SQLite file, shared by every process that uses the cache root. Each call
/// opens the file anew, so threads and forks need no care. A damaged file, or one that is no such
/// store, is told once and made anew; with `read_only`, or where nothing may be written, it serves
/// what is there. Opens nothing yet.
std::shared_ptr<FactStore> make_fact_file(std::string path, bool read_only,
                                          std::function<void(const std::string&)> warn);

}  // namespace topobathy
