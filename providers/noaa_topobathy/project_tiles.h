#pragma once

#include <string>
#include <vector>

#include "providers/archive/archive_context.h"
#include "providers/archive/asset.h"
#include "providers/coastal/bucket.h"
#include "providers/coastal/tile_index.h"

namespace topobathy {

/// Asks the archive for a project's tiles: one listing of its DEM folder (which files there are,
/// their ETags), the tile index in it (where they lie). An index of point clouds (laz/) is never
/// asked. \param old_note the index's revision when it was asked last \throws Error: also where the
/// folder has no index, or one that names none of its files
Discovery ask_project_tiles(ArchiveContext& context, const std::string& project,
                            const std::string& folder, const std::string& old_note);

/// The files of the folder's tile index, the one to open first: a GeoPackage, a zip, or a shapefile
/// with its companions; the least deep, then the first by name. \throws Error where there is none
std::vector<S3Object> find_tile_index(const std::string& folder,
                                      const std::vector<S3Object>& listing);

/// The rasters of a listing, where its index places them; by id ("<project>/<path in the
/// folder>"). A row without its file is an unusable asset (coastal/unusable.h).
/// \param unplaced set to the number of rasters that the index does not name
/// \throws Error(kUnreadable): no row names a raster of the folder
std::vector<Asset> match_tiles(const std::string& project, const std::string& folder,
                               const std::vector<S3Object>& listing,
                               const std::vector<coastal::IndexedFile>& rows,
                               std::size_t& unplaced);

std::string dem_prefix(const std::string& folder);  ///< "dem/<folder>/"

}  // namespace topobathy
