#include "utils/serve/server/front_door.h"

#include <utility>

#include "utils/serve/server/failure_answer.h"
#include "utils/serve/server/request_target.h"

namespace topobathy {

bool is_web_socket(const Route& route) {
  constexpr char kEnd[] = "/ws";
  constexpr std::size_t kSize = sizeof(kEnd) - 1;
  const std::string& pattern = route.pattern;
  return route.follow && pattern.size() > kSize &&
         pattern.compare(pattern.size() - kSize, kSize, kEnd) == 0;
}

FrontDoor::FrontDoor(Routes routes, const Guard::Setup& guard)
    : router_(std::move(routes)), guard_(guard) {}

void FrontDoor::find_route(const RequestHead& head, Admission& admission) const {
  RequestTarget target = read_target(head.target);
  Router::Match match = router_.find(head.method, target.parts);
  ServiceRequest& request = admission.request;
  request.path = std::move(target.path);
  if (match.route) {
    admission.route = match.route;
    admission.index = match.index;
    request.method = match.route->method;
    request.parts = std::move(match.parts);
    request.query = std::move(target.query);
    request.headers = head.headers;
  } else if (match.allowed.empty()) {
    admission.refused = refusal(404, "there is nothing at " + request.path +
                                         ": /openapi.json lists what this server answers");
  } else {
    admission.refused =
        refusal(405, head.method + " is not for " + request.path + ": it takes " + match.allowed);
    admission.refused->headers.emplace_back("Allow", match.allowed);
  }
}

std::optional<ServiceAnswer> FrontDoor::refuse(const RequestHead& head, const Route* route,
                                               bool changes) const {
  const bool reads = head.method == "GET" || head.method == "HEAD";
  return guard_.refuse({head.headers, head.peer_is_loopback, changes,
                        !reads || (route && is_web_socket(*route)), head.is_old});
}

void FrontDoor::ask_guard(const RequestHead& head, Admission& admission) const {
  const Route* const route = admission.route;
  const bool changes = route && route->access == Access::kChange;
  const bool may_read = changes && route->only_reads;
  if (auto refused = refuse(head, route, changes && !may_read)) admission.refused = refused;
  if (may_read) admission.refused_change = refuse(head, route, /*changes=*/true);
}

Admission FrontDoor::admit(const RequestHead& head) const {
  Admission admission;
  try {
    find_route(head, admission);
    // Who may not ask is told so, and not what there is.
    ask_guard(head, admission);
  } catch (...) {
    admission.refused = failure_answer(std::current_exception()).answer;
  }
  if (admission.refused) admission.route = nullptr;
  return admission;
}

}  // namespace topobathy
