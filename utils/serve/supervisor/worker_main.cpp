#include "utils/serve/supervisor/worker_main.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <random>

#include "utils/exit_status.h"
#include "utils/serve/core/core_routes.h"
#include "utils/serve/server/service_log.h"

namespace topobathy {
namespace {

/// The supervisor's signals are blocked; the terminal's ^C comes to all, and the supervisor says
/// what to do about it.
void take_signals(pid_t supervisor) {
  ::signal(SIGINT, SIG_IGN);
  ::signal(SIGHUP, SIG_IGN);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  // No worker outlives its supervisor.
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != supervisor) ::raise(SIGTERM);
}

/// Not all workers at the same time: up to a tenth more for each.
std::uint64_t most_requests_of(int limit) {
  if (limit <= 0) return 0;
  std::random_device random;
  const auto most = static_cast<std::uint64_t>(limit);
  return most + random() % (most / 10 + 1);
}

HttpServer::Setup server_setup(const SupervisorSetup& setup, const ListeningSocket& socket,
                               SharedState& shared, std::size_t worker) {
  const ServiceSettings& settings = setup.settings;
  HttpServer::Setup server;
  server.listening_socket = socket.descriptor();
  server.guard = {socket.is_loopback(), settings.token, settings.origins};
  server.limits = settings.limits;
  server.times = setup.times;
  server.most_requests = most_requests_of(settings.limit_max_requests);
  server.shared = &shared;
  server.worker = worker;
  server.leaving = [supervisor = ::getppid()] { ::kill(supervisor, kLeavingSignal); };
  return server;
}

}  // namespace

int run_worker(const SupervisorSetup& setup, const ListeningSocket& socket, SharedState& shared,
               std::size_t worker) {
  try {
    take_signals(::getppid());
    const LoggedGdalMessages messages;
    Routes routes = setup.make_routes();
    add_core_routes(routes, shared, setup.pages);
    HttpServer server(std::move(routes), server_setup(setup, socket, shared, worker));
    if (server.run()) return kExitOk;
    log_event(LogLevel::kWarning, "stopped_late",
              {{"worker", worker + 1}, {"reason", "requests still ran"}});
  } catch (const std::exception& error) {
    log_event(LogLevel::kError, "worker_failed",
              {{"worker", worker + 1}, {"reason", error.what()}});
    return kExitFailure;
  }
  std::_Exit(kExitFailure);  // threads still run
}

}  // namespace topobathy
