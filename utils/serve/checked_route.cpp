#include "utils/serve/checked_route.h"

#include "utils/serve/source_fault.h"

namespace topobathy {

Route checked_route(Service& service, const char* pattern, Cost cost, const char* summary,
                    const QuerySpecs& specs,
                    ServiceAnswer (*handler)(Service&, const ServiceRequest&)) {
  Route route = plain_route(pattern, summary,
                            with_source_faults([&service, handler](const ServiceRequest& request) {
                              return handler(service, request);
                            }));
  route.cost = cost;
  route.doc.parameters = parameters_of(specs);
  return route;
}

}  // namespace topobathy
