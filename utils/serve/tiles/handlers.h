#pragma once

#include <optional>

#include "utils/serve/checked_query.h"
#include "utils/serve/service.h"

/// Handlers of tile_routes(), each with the declaration of its query. \throws HttpError, Error
namespace topobathy {

const QuerySpecs& tile_specs();
ServiceAnswer serve_tile(Service& service, const ServiceRequest& request);
/// The same where tier 1 has the tile: 0.2 ms.
std::optional<ServiceAnswer> serve_stored_tile(Service& service, const ServiceRequest& request);

const QuerySpecs& tile_metadata_specs();
ServiceAnswer serve_tile_metadata(Service& service, const ServiceRequest& request);

const QuerySpecs& tile_pixel_specs();
ServiceAnswer serve_tile_pixel(Service& service, const ServiceRequest& request);

const QuerySpecs& tile_coverage_specs();
ServiceAnswer serve_tile_coverage(Service& service, const ServiceRequest& request);

const QuerySpecs& tilejson_specs();
ServiceAnswer serve_tilejson(Service& service, const ServiceRequest& request);

const QuerySpecs& legend_specs();
ServiceAnswer serve_legend(Service& service, const ServiceRequest& request);

}  // namespace topobathy
