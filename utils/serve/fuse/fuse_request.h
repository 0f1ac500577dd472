#pragma once

#include <memory>
#include <string>

#include "driver/band_layout.h"
#include "providers/open.h"
#include "utils/serve/parameters/parameters.h"
#include "utils/serve/service.h"

namespace topobathy {

/// kTable: what GDAL reads beside a GeoTIFF, <name>.tif.aux.xml, for a TIFF cannot hold a raster
/// attribute table itself.
enum class AreaFormat { kGeoTiff, kZarr, kTable };

/// An area of a policy as a file.
struct FuseRequest {
  OpenRequest open;  ///< its bbox is the area
  BandLayout bands;
  AreaFormat format = AreaFormat::kGeoTiff;

  /// The same for requests that get the same answer.
  std::string identity() const;
};

/// Of the query: GeoTIFF unless it says otherwise. \throws HttpError(400), HttpError(404)
FuseRequest fuse_request_of_query(Service& service, const ServiceRequest& request);
/// Of the body, which may have a policy's text: Zarr unless it says otherwise. \throws
/// HttpError(400), HttpError(404), HttpError(422)
FuseRequest fuse_request_of_body(Service& service, const ServiceRequest& request);

}  // namespace topobathy
