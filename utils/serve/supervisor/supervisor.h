#pragma once

#include <functional>
#include <string>

#include "utils/serve/route.h"
#include "utils/serve/server/http_server.h"
#include "utils/serve/settings.h"

namespace topobathy {

/// Runs a service until it is told to end.
///
/// The calling process becomes the supervisor: it forks the workers, which share its listening
/// socket, and puts another in the place of each that ends, at once, or after a while where they
/// die as soon as they begin. It does nothing else: no thread, no request, no policy. SIGTERM,
/// SIGINT and SIGHUP end the service when the running requests are answered; a second one ends it
/// at once.
struct SupervisorSetup {
  ServiceSettings settings;
  ServerTimes times;
  std::string pages;  ///< folder, "" = none
  /// The service's routes, made in each worker.
  std::function<Routes()> make_routes;
};

/// \returns the exit status, in the supervisor and in a worker alike: the caller returns it from
/// main(). \throws Error: the place to listen at  \pre the process has one thread
int run_supervisor(const SupervisorSetup& setup);

}  // namespace topobathy
