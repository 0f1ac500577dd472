#pragma once

#include "utils/serve/dem/cell_catalogue.h"
#include "utils/serve/route.h"

namespace topobathy {

ServiceAnswer list_dem(CellCatalogue& catalogue, const ServiceRequest& request);
ServiceAnswer dem_meta(CellCatalogue& catalogue, const ServiceRequest& request);
/// float32, little-endian, row by row from the north; NaN = none.
ServiceAnswer dem_elevation(CellCatalogue& catalogue, const ServiceRequest& request);
/// uint32 source ids alike; 0 = none.
ServiceAnswer dem_provenance(CellCatalogue& catalogue, const ServiceRequest& request);
ServiceAnswer dem_quality(CellCatalogue& catalogue, const ServiceRequest& request);
ServiceAnswer dem_cell_at(CellCatalogue& catalogue, const ServiceRequest& request);

}  // namespace topobathy
