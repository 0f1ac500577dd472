#pragma once

#include "utils/serve/checked_query.h"
#include "utils/serve/route.h"
#include "utils/serve/service.h"

namespace topobathy {

/// A GET route whose query is declared, and whose source failures are told as source_fault.h says.
/// `service` lives longer than the route.
Route checked_route(Service& service, const char* pattern, Cost cost, const char* summary,
                    const QuerySpecs& specs,
                    ServiceAnswer (*handler)(Service&, const ServiceRequest&));

}  // namespace topobathy
