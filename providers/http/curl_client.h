#pragma once

#include <memory>

#include "cache/file_system.h"
#include "providers/http/clock.h"
#include "providers/http/endpoints.h"
#include "providers/http/http_client.h"
#include "providers/http/http_limits.h"

namespace topobathy {

struct HttpSetup {
  Endpoints endpoints;
  HttpLimits limits;
  Clock* clock = &system_clock();
  FileSystem* files = &posix_file_system();
};

/// The client that really asks, by libcurl. No thread, no connection and no file until it is used.
std::shared_ptr<HttpClient> make_http_client(const HttpSetup& setup);

}  // namespace topobathy
