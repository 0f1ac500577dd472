#include "utils/serve/core/core_routes.h"

#include <ctime>
#include <memory>
#include <utility>

#include "fusion/sha256.h"
#include "utils/serve/core/pages.h"
#include "utils/serve/server/metrics_text.h"
#include "utils/serve/server/openapi.h"
#include "utils/version.h"

namespace topobathy {
namespace {

ServiceAnswer answer_health(const SharedState& shared) {
  int ready = 0;
  for (const WorkerState& worker : shared.workers)
    if (worker.ready && !worker.leaving) ++ready;
  ServiceAnswer answer = json_answer({{"status", "ok"},
                                      {"service", "topobathy"},
                                      {"version", program_version()},
                                      {"workers", ready},
                                      {"uptime_seconds", std::time(nullptr) - shared.started}});
  answer.headers.emplace_back("Cache-Control", "no-store");
  return answer;
}

ServiceAnswer answer_metrics(const SharedState& shared, const Routes& routes) {
  ServiceAnswer answer;
  answer.type = "text/plain; version=0.0.4; charset=utf-8";
  answer.headers.emplace_back("Cache-Control", "no-store");
  answer.body = metrics_text(shared, routes);
  return answer;
}

/// A text that stays the same while the server runs.
Route::Handler text_handler(const std::string& text) {
  ServiceAnswer answer;
  answer.headers = {{"ETag", '"' + sha256_hex(text).substr(0, 32) + '"'},
                    {"Cache-Control", "no-cache"}};
  answer.body = text;
  return [answer](const ServiceRequest&) { return answer; };
}

}  // namespace

void add_core_routes(Routes& routes, const SharedState& shared, const std::string& pages) {
  // Filled when all are known; in the order in which they are counted.
  const auto all = std::make_shared<Routes>();
  routes.push_back(plain_route("/health", "Whether the service answers",
                               [&shared](const ServiceRequest&) { return answer_health(shared); }));
  routes.push_back(
      plain_route("/metrics", "Counts of all processes, in the text format of Prometheus",
                  [&shared, all](const ServiceRequest&) { return answer_metrics(shared, *all); }));
  routes.push_back(plain_route("/openapi.json", "This document", text_handler("")));
  const std::size_t document = routes.size() - 1;
  for (Route& route : page_routes(pages))
    routes.push_back(std::move(route));
  routes[document].handler = text_handler(openapi_document(routes, program_version()).dump(1, ' '));
  for (const Route& route : routes) {  // its name is all that is needed
    all->emplace_back();
    all->back().method = route.method;
    all->back().pattern = route.pattern;
  }
}

}  // namespace topobathy
