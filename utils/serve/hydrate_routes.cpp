#include "utils/serve/hydrate_routes.h"

#include <charconv>
#include <memory>
#include <utility>

#include "utils/serve/body/body_members.h"
#include "utils/serve/http_error.h"
#include "utils/serve/hydrate/followed_job.h"
#include "utils/serve/hydrate/hydrate_desk.h"

namespace topobathy {
namespace {

RouteDoc hydrate_doc(const char* summary) {
  RouteDoc doc;
  doc.summary = summary;
  return doc;
}

/// Planning a job opens its policy, and ending one waits for its process: neither is quick.
Route hydrate_route(HttpMethod method, const char* pattern, Access access, Cost cost,
                    const char* summary, Route::Handler handler) {
  Route route;
  route.method = method;
  route.pattern = pattern;
  route.access = access;
  route.cost = cost;
  route.doc = hydrate_doc(summary);
  route.handler = std::move(handler);
  return route;
}

Route follow_route(const char* pattern, const char* summary,
                   const std::shared_ptr<JobFrames>& frames) {
  Route route;
  route.pattern = pattern;
  route.doc = hydrate_doc(summary);
  route.follow = [frames](const ServiceRequest& request) {
    require_query_names(request, {});
    return follow_frames(frames, request.parts.at(0));
  };
  return route;
}

/// "after" of the query.
std::uint64_t place_in_record(const ServiceRequest& request) {
  require_query_names(request, {"after"});
  const auto found = request.query.find("after");
  if (found == request.query.end()) return 0;
  const std::string& text = found->second;
  std::uint64_t place = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, place);
  constexpr std::uint64_t kMost = std::uint64_t{1} << 40;
  if (text.empty() || read.ec != std::errc() || read.ptr != end || place > kMost)
    throw HttpError(400, "'after' is to be 0 or what 'next' said");
  return place;
}

nlohmann::json place_parameter() {
  using nlohmann::json;
  return json::array({{{"name", "after"},
                       {"in", "query"},
                       {"description", "'next' of the answer before"},
                       {"schema", {{"type", "integer"}, {"minimum", 0}, {"default", 0}}}}});
}

using Desk = std::shared_ptr<const HydrateDesk>;

Route order_route(const Desk& desk, const ServiceLimits& limits) {
  Route route =
      hydrate_route(HttpMethod::kPost, "/hydrate", Access::kChange, Cost::kHeavy,
                    "Begin to fuse the cells of an area into the cache",
                    [desk, limits](const ServiceRequest& request) {
                      require_query_names(request, {});
                      return json_answer(desk->submit(read_hydrate_order(request.body, limits)));
                    });
  route.doc.body = hydrate_order_schema(limits);
  return route;
}

/// A route that is asked for by the path alone.
Route plain_route(HttpMethod method, const char* pattern, const char* summary,
                  const std::function<nlohmann::json(const ServiceRequest&)>& answer) {
  const bool looks = method == HttpMethod::kGet;
  return hydrate_route(method, pattern, looks ? Access::kRead : Access::kChange,
                       looks ? Cost::kQuick : Cost::kHeavy, summary,
                       [answer](const ServiceRequest& request) {
                         require_query_names(request, {});
                         return json_answer(answer(request));
                       });
}

Route cells_route(const Desk& desk) {
  Route route = hydrate_route(
      HttpMethod::kGet, "/hydrate/{id}/cells", Access::kRead, Cost::kQuick,
      "What came of the cells of a job, in the order in which they were done",
      [desk](const ServiceRequest& request) {
        return json_answer(desk->cells(request.parts.at(0), place_in_record(request)));
      });
  route.doc.parameters = place_parameter();
  return route;
}

}  // namespace

Routes hydrate_routes(const ServiceSettings& settings, const HydrateTools& tools) {
  const auto desk = std::make_shared<const HydrateDesk>(settings, tools);
  const auto frames = std::make_shared<JobFrames>(desk->jobs());
  using Request = const ServiceRequest&;
  return {
      order_route(desk, settings.limits),
      plain_route(HttpMethod::kGet, "/hydrate", "The jobs, the latest first",
                  [desk](Request) { return desk->list(); }),
      plain_route(HttpMethod::kGet, "/hydrate/{id}", "How a job goes",
                  [desk](Request request) { return desk->state(request.parts.at(0)); }),
      plain_route(HttpMethod::kDelete, "/hydrate/{id}", "Cancel a job, and wait until it has ended",
                  [desk](Request request) { return desk->cancel(request.parts.at(0)); }),
      cells_route(desk),
      follow_route("/hydrate/{id}/ws", "A job's state whenever it changes", frames),
      follow_route("/hydrate/{id}/events", "The same as server-sent events", frames),
  };
}

}  // namespace topobathy
