#pragma once

#include "fusion/policy/policy.h"
#include "providers/raster/catalogue_file.h"
#include "providers/raster/raster_catalogue.h"

namespace topobathy {

/// Reads a file's header and attribute table and finds the roles of its bands.
/// \throws Error(kNotFound, kUnreadable, kUnsupported): missing, damaged, without a CRS or
/// georeference, of a refused driver
CatalogueFile describe_file(const NamedFile& name, const Step& step);

/// The file open for reading; readers are kept in a bounded pool and shared. The header must be as
/// it was: a file that changed since is an error.
std::shared_ptr<BlockReader> reader_of(const CatalogueFile& file, const Step& step);

/// Closes the pool (plugin unload, refresh).
void drop_readers();

}  // namespace topobathy
