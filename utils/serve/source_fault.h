#pragma once

#include <utility>

#include "fusion/error.h"
#include "utils/serve/http_error.h"
#include "utils/serve/route.h"

namespace topobathy {

/// What a client may know of a failure of a served policy: which step or line, and never a path or
/// an address: messages of sources name both. 400 what was asked cannot be; 502 a source cannot be
/// read now; 503 the policy is broken, or nobody waits; else 500.
HttpError source_fault(const Error& error);

/// The whole message goes where GDAL's warnings go. \throws HttpError: source_fault()
[[noreturn]] void tell_source_fault(const ServiceRequest& request, const Error& error);

/// A function of a request, its errors told so.
template <class Handler>
auto with_source_faults(Handler handler) {
  return [handler = std::move(handler)](const ServiceRequest& request) {
    try {
      return handler(request);
    } catch (const Error& error) {
      tell_source_fault(request, error);
    }
  };
}

}  // namespace topobathy
