#include <cpl_conv.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <iostream>

#include "fusion/error.h"
#include "utils/command.h"
#include "utils/exit_status.h"
#include "utils/json_values.h"
#include "utils/serve/all_routes.h"
#include "utils/serve/core/pages.h"
#include "utils/serve/print_config.h"
#include "utils/serve/serve_options.h"
#include "utils/serve/server/service_log.h"
#include "utils/serve/supervisor/supervisor.h"
#include "utils/usage_error.h"

namespace topobathy {
namespace {

class ServeCommand final : public Command {
 public:
  const char* name() const override { return "serve"; }
  const char* summary() const override {
    return "Answer requests for tiles, rasters and hydration over HTTP";
  }
  void declare(CLI::App& arguments) override { options_.declare(arguments); }
  int run(std::ostream& out) override;

 private:
  ServeOptions options_;
};

/// What no policy of a client and no file of an archive may switch on.
void harden_gdal() {
  CPLSetConfigOption("GDAL_VRT_ENABLE_PYTHON", "NO");
  ::setenv("GDAL_VRT_ENABLE_PYTHON", "NO", 1);  // for the processes that jobs run in
}

void raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// Opens the policy in a process of its own: what is wrong with it is told now, and the supervisor
/// stays free of what opening leaves behind (threads, database handles), which its workers would
/// inherit. \returns an exit status
int check_policy_apart(const OpenRequest& policy) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    int status = kExitOk;
    try {
      open_policy(policy);
    } catch (const Error& error) {
      std::cerr << error_line(error) << std::endl;
      status = exit_status(error.code());
    } catch (const std::exception& error) {
      std::cerr << "topobathy: " << error.what() << std::endl;
      status = kExitFailure;
    }
    std::_Exit(status);
  }
  int status = 0;
  while (pid > 0 && ::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : kExitFailure;
}

int ServeCommand::run(std::ostream& out) {
  SupervisorSetup setup;
  setup.settings = options_.settings();
  setup.pages = find_pages();
  if (options_.print_config()) {
    out << json_text(settings_json(setup.settings, setup.pages)) << '\n';
    return kExitOk;
  }
  harden_gdal();
  raise_file_limit();
  if (!setup.settings.policy.policy_path.empty())
    if (const int status = check_policy_apart(setup.settings.policy); status != kExitOk)
      return status;
  if (setup.settings.debug > 0) set_log_level(LogLevel::kDebug);
  // By the worker processes: the supervisor has no threads and knows no PROJ. It lives as long.
  setup.make_routes = [settings = setup.settings] {
    static Service service(settings);
    return all_routes(service);
  };
  return run_supervisor(setup);
}

}  // namespace

std::unique_ptr<Command> make_serve_command() {
  return std::make_unique<ServeCommand>();
}

}  // namespace topobathy
