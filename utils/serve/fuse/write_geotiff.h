#pragma once

#include <functional>
#include <memory>
#include <string>

#include "utils/serve/fuse/area_scan.h"
#include "utils/serve/fuse/fuse_request.h"

namespace topobathy {

/// Writes the raster as a Cloud Optimized GeoTIFF: the driver's own dataset, copied by GDAL. The
/// Contributor band has the sources as JSON in its metadata item SOURCES. \throws HttpError(503) it
/// cannot be written, Error(kCancelled)
void write_geotiff(const std::string& path, const std::shared_ptr<FusedRaster>& raster,
                   const FuseRequest& request, const AreaScan& scan,
                   const std::function<bool()>& gone);

/// Text of the .aux.xml that GDAL and QGIS read beside such a file: the raster attribute table of
/// its Contributor band. \throws HttpError(400): the file has no such band
std::string attribute_table_xml(const FuseRequest& request, const AreaScan& scan);

}  // namespace topobathy
