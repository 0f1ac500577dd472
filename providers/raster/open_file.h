#pragma once

#include "fusion/policy/policy.h"
#include "providers/raster/catalogue_file.h"

namespace topobathy {

/// The file open for reading; readers are kept in a bounded pool and shared. The header must be as
/// it was: a file that changed since is an error.
std::shared_ptr<BlockReader> reader_of(const CatalogueFile& file, const Step& step);

/// Closes the pool (plugin unload, refresh).
void drop_readers();

}  // namespace topobathy
