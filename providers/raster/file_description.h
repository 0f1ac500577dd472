#pragma once

#include <string>
#include <vector>

#include "fusion/policy/policy.h"
#include "providers/raster/block_reader.h"
#include "providers/raster/catalogue_file.h"
#include "providers/raster/contributor_table.h"
#include "providers/raster/file_facts.h"
#include "providers/raster/file_neighbours.h"
#include "providers/raster/raster_catalogue.h"

namespace topobathy {

/// All that a catalogue needs to know of a file before pixels, whatever step names it: it depends
/// on the file alone and can be remembered.
struct FileDescription {
  RasterHeader header;
  FileFacts facts;
  ContributorTable contributors;
  std::vector<FileNeighbour> neighbours;  ///< that part of this was taken from
};

/// Opens the file. \throws Error(kNotFound, kUnreadable, kUnsupported): missing, damaged, without a
/// georeference, of a refused driver
FileDescription describe_file(const std::string& path, bool allow_vrt);

/// The file as a step sees it: bands in their roles, sources with their keys.
/// \throws Error(kUnsupported) when neither the file nor the step states a CRS
CatalogueFile make_catalogue_file(const NamedFile& name, FileDescription description,
                                  const Step& step);

}  // namespace topobathy
