#pragma once

#include "utils/serve/checked_query.h"
#include "utils/serve/service.h"

/// Handlers of point_routes(), each with the declaration of its query. \throws HttpError, Error
namespace topobathy {

const QuerySpecs& elevation_specs();
ServiceAnswer serve_elevation(Service& service, const ServiceRequest& request);

const QuerySpecs& source_info_specs();
ServiceAnswer serve_source_info(Service& service, const ServiceRequest& request);

/// \param most points of a profile: limits.profile_points
QuerySpecs profile_specs(int most);
ServiceAnswer serve_profile(Service& service, const ServiceRequest& request);

}  // namespace topobathy
