#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "fusion/source_ids.h"
#include "providers/raster/block_reader.h"

namespace topobathy {

/// The surveys behind the numbers of a file's contributor band, from its raster attribute table
/// (the shape of BlueTopo's).
struct ContributorTable {
  int band = 0;  ///< 1-based; 0: no band has such a table
  /// By pixel value. Provider and key are left to the caller; what the table does not state ("N/A")
  /// is empty.
  std::map<std::int64_t, SourceRecord> sources;
};

/// Reads the table of the first band that has one with a column `value`: a band named Contributor,
/// else band 3 (where BlueTopo has it), else any. Column names are matched without case. \throws
/// Error as open_raster
ContributorTable read_contributor_table(const std::string& path, const RasterOpenOptions& options);

/// The same from a side-car (PAM, .aux.xml) that lies elsewhere than beside its file. \throws
/// Error(kUnreadable) when it is no such file
ContributorTable read_contributor_sidecar(const std::string& path);

}  // namespace topobathy
