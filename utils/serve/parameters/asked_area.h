#pragma once

#include "providers/open.h"
#include "utils/serve/parameters/parameters.h"

/// Where and how fine: parameters that several routes share.
namespace topobathy {

/// Names that asked_box() and asked_grid() take.
extern const Parameters::Names kBoxNames;
extern const Parameters::Names kGridNames;
Parameters::Names with_names(Parameters::Names names, const Parameters::Names& more);

/// `bbox` (west, south, east, north) or the four by name, degrees; east may pass 180. \throws
/// HttpError: not given, twice given, no box
LonLatBox asked_box(const Parameters& parameters);

/// `resolution` (metres) or `zoom` (it goes before, as clients of the Python system send both), and
/// `crs`, into the request; what is not given is the policy's.
/// \throws HttpError
void asked_grid(const Parameters& parameters, OpenRequest& request);

/// Degrees of a box, squared: what limits of an area are stated in.
double square_degrees(const LonLatBox& box) noexcept;

}  // namespace topobathy
