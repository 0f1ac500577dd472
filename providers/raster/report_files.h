#pragma once

#include "fusion/finding.h"
#include "fusion/lattice.h"
#include "providers/raster/raster_catalogue.h"

namespace topobathy {

/// Every file that cannot be read as an error, and as warnings what is assumed of the others: a CRS
/// where a file states none, no datum shift where PROJ knows none. \throws Error
SourceReport report_files(const RasterCatalogue& catalogue, const Lattice& lattice);

}  // namespace topobathy
