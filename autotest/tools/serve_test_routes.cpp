// The server of `topobathy serve` with routes that tests need: slow ones, failing ones, ones that
// kill their process. Takes the options of `topobathy serve`, and times in milliseconds.
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <thread>

#include <CLI/CLI.hpp>

#include "fusion/error.h"
#include "utils/serve/http_error.h"
#include "utils/serve/serve_options.h"
#include "utils/serve/server/failure_answer.h"
#include "utils/serve/supervisor/supervisor.h"

namespace topobathy {
namespace {

using std::chrono::milliseconds;

long number_of(const ServiceRequest& request, const std::string& name, long otherwise) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? otherwise : std::stol(found->second);
}

void pause_for(const ServiceRequest& request) {
  std::this_thread::sleep_for(milliseconds(number_of(request, "ms", 0)));
}

ServiceAnswer told(const ServiceRequest& request) {
  return json_answer({{"pid", ::getpid()},
                      {"path", request.path},
                      {"parts", request.parts},
                      {"query", request.query},
                      {"body", request.body}});
}

/// Counts up to a number, one every so many milliseconds since the process began; 0 = stands still.
class Counting final : public Followed {
 public:
  Counting(long most, long every) : most_(most), every_(every) {}
  std::string look() override {
    ++looks;
    const auto passed = std::chrono::steady_clock::now() - begun_;
    const long count = every_ > 0 ? passed / milliseconds(every_) : 0;
    over_ = every_ > 0 && count >= most_;
    return nlohmann::json({{"count", std::min(count, most_)}}).dump();
  }
  bool is_over() const override { return over_; }
  static std::atomic<int> looks;

 private:
  const long most_, every_;
  const std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  bool over_ = false;
};
std::atomic<int> Counting::looks{0};

std::atomic<int> noticed{0};  ///< clients that went away

ServiceAnswer wait_until_gone(const ServiceRequest& request) {
  for (int i = 0; i < 1000 && !request.gone(); ++i)
    std::this_thread::sleep_for(milliseconds(10));
  noticed += request.gone() ? 1 : 0;
  return json_answer("done");
}

ServiceAnswer file_of(const ServiceRequest& request) {
  const std::string path = "/tmp/topobathy_test_body_" + std::to_string(::getpid()) + "_" +
                           std::to_string(number_of(request, "id", 0));
  std::ofstream file(path);
  const std::string line = "0123456789abcdef";
  for (long left = number_of(request, "bytes", 0); left > 0; left -= 16)
    file << line.substr(0, static_cast<std::size_t>(std::min(left, 16L)));
  file.close();
  ServiceAnswer answer;
  answer.type = "application/octet-stream";
  answer.body = FileBody{path, true};
  return answer;
}

ServiceAnswer tagged(const ServiceRequest&) {
  ServiceAnswer answer = json_answer({{"content", "of seven"}});
  answer.headers = {{"ETag", "\"seven\""}, {"Cache-Control", "max-age=60"}};
  return answer;
}

ServiceAnswer fail_as(const ServiceRequest& request) {
  const std::string& how = request.parts.front();
  if (how == "usage") throw Error(ErrorCode::kUsage, "wrong: '/srv/secret/file.tif'");
  if (how == "source") throw Error(ErrorCode::kUnreadable, "/srv/secret/file.tif is cut short");
  if (how == "busy") throw HttpError(429, "too many", 7);
  if (how == "odd") throw 7;
  throw std::runtime_error("/srv/secret/file.tif");
}

Route route_of(HttpMethod method, const std::string& pattern, Cost cost, Route::Handler handler) {
  Route route;
  route.method = method;
  route.pattern = pattern;
  route.cost = cost;
  route.doc.summary = "Test";
  route.handler = std::move(handler);
  if (method == HttpMethod::kPost) route.doc.body = {{"type", "object"}};
  return route;
}

Route follow_of(const std::string& pattern) {
  Route route;
  route.pattern = pattern;
  route.doc.summary = "Test";
  route.follow = [](const ServiceRequest& request) -> std::unique_ptr<Followed> {
    if (request.parts.front() == "absent") throw HttpError(404, "no such thing to follow");
    return std::make_unique<Counting>(number_of(request, "most", 3),
                                      number_of(request, "every", 100));
  };
  return route;
}

Routes test_routes() {
  const auto slow = [](const ServiceRequest& request) {
    pause_for(request);
    return told(request);
  };
  Routes routes{
      route_of(HttpMethod::kGet, "/told/{what}", Cost::kQuick, slow),
      route_of(HttpMethod::kPost, "/told/{what}", Cost::kQuick, slow),
      route_of(HttpMethod::kGet, "/heavy", Cost::kHeavy, slow),
      route_of(HttpMethod::kGet, "/file", Cost::kHeavy, file_of),
      route_of(HttpMethod::kGet, "/tagged", Cost::kQuick, tagged),
      route_of(HttpMethod::kGet, "/fail/{how}", Cost::kQuick, fail_as),
      route_of(HttpMethod::kGet, "/until_gone", Cost::kHeavy, wait_until_gone),
      route_of(
          HttpMethod::kGet, "/counts", Cost::kQuick,
          [](const ServiceRequest&) {
            return json_answer({{"noticed", noticed.load()}, {"looks", Counting::looks.load()}});
          }),
      route_of(HttpMethod::kDelete, "/thing", Cost::kQuick, told),
      route_of(HttpMethod::kPost, "/crash", Cost::kQuick,
               [](const ServiceRequest&) -> ServiceAnswer {
                 ::kill(::getpid(), SIGSEGV);
                 ::pause();
                 return {};
               })};
  routes.push_back(follow_of("/count/{name}/ws"));
  routes.push_back(follow_of("/count/{name}/events"));
  for (Route& route : routes)
    if (route.pattern == "/thing") route.access = Access::kChange;
  Route ready = route_of(HttpMethod::kGet, "/ready", Cost::kHeavy, slow);
  ready.at_hand = [](const ServiceRequest& request) -> std::optional<ServiceAnswer> {
    if (request.query.count("ms") > 0) return std::nullopt;
    return told(request);
  };
  routes.push_back(ready);
  return routes;
}

int serve(int argc, char** argv) {
  CLI::App app("test server");
  ServeOptions options;
  long head = 10'000, idle = 75, linger = 2000, leave = 30;
  bool stillborn = false;
  options.declare(app);
  app.add_option("--head-ms", head);
  app.add_option("--idle-seconds", idle);
  app.add_option("--leave-seconds", leave);
  app.add_flag("--stillborn", stillborn);
  CLI11_PARSE(app, argc, argv);
  SupervisorSetup setup;
  setup.settings = options.settings();
  setup.times.head = setup.times.body = milliseconds(head);
  setup.times.idle = std::chrono::seconds(idle);
  setup.times.linger = milliseconds(linger);
  setup.times.leave = std::chrono::seconds(leave);
  setup.times.look = milliseconds(50);
  setup.times.ping = std::chrono::seconds(1);
  setup.make_routes = [stillborn] {
    if (stillborn) throw Error(ErrorCode::kInternal, "this worker cannot begin");
    return test_routes();
  };
  std::signal(SIGPIPE, SIG_IGN);
  return run_supervisor(setup);
}

}  // namespace
}  // namespace topobathy

int main(int argc, char** argv) {
  try {
    return topobathy::serve(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
