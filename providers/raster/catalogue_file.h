#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fusion/source_ids.h"
#include "providers/align/transformer.h"
#include "providers/archive/asset.h"
#include "providers/datum/height_shift.h"
#include "providers/raster/block_reader.h"
#include "providers/raster/grid_group.h"

namespace topobathy {

/// One resolution of a file: its grid in its group, and how many full-resolution pixels make one of
/// its pixels.
struct FileLevel {
  GridPlace place;
  double factor = 1.0;
};

/// A file of a raster step with everything a read needs to know of it. Plain values, no handle.
struct CatalogueFile {
  std::string path;  ///< opened by GDAL
  std::string key;   ///< as the policy and its index name it: the same on every machine
  std::vector<std::string> open_options;  ///< that the file needs (GDAL KEY=VALUE)
  RasterHeader header;
  bool crs_assumed = false;  ///< the file states none, its axes are in degrees
  int crs = 0;               ///< index in the catalogue's list
  /// How its heights come to the raster's; null = they are as they should be. Files of one
  /// catalogue with the same shift share it.
  std::shared_ptr<const HeightShift> shift;
  std::string heights_text;         ///< what its metadata say its heights count from, "" = nothing
  HeightStatement archive_heights;  ///< what its archive says its heights count from
  CrsBox box;                       ///< footprint
  std::vector<FileLevel> levels;
  int elevation_band = 1;
  int uncertainty_band = 0;  ///< 0 = none
  int source_band = 0;       ///< 0 = the file is one source
  SourceRecord record;       ///< of the file as one source
  std::map<std::int64_t, SourceRecord>
      contributors;  ///< rows of its attribute table by pixel value
};

}  // namespace topobathy
