#include "utils/serve/cache_routes.h"

#include <memory>
#include <mutex>
#include <utility>

#include "cache/cell_store.h"
#include "cache/hydration_job.h"
#include "fusion/error.h"
#include "providers/object_store/cache_place.h"
#include "utils/hydrate/area_arguments.h"
#include "utils/serve/body/body_members.h"
#include "utils/serve/body/path_free.h"
#include "utils/serve/cache/cache_facts.h"
#include "utils/serve/cache/clear_answer.h"
#include "utils/serve/cache/purge_answer.h"
#include "utils/serve/cache/remembered_text.h"
#include "utils/serve/http_error.h"

namespace topobathy {
namespace {

using nlohmann::json;

constexpr int kNotAllowed = 405, kBusyChecking = 429, kCacheFailed = 500;
constexpr int kCheckAgain = 10;  // seconds
constexpr std::size_t kWalkThreads = 2;
/// Five seconds' worth of a warm disk; the rest is counted by names and sizes only.
constexpr std::uint64_t kCellsLookedAt = 50'000;
constexpr std::chrono::milliseconds kSummaryKept{5'000}, kDetailKept{30'000};

std::string cache_folder(const ServiceSettings& settings) {
  const std::string& folder = settings.policy.cache_dir;
  return local_cache_folder(absolute_path(folder.empty() ? default_cache_root() : folder));
}

/// What the routes of the cache share. Thread-safe.
class CacheDesk {
 public:
  CacheDesk(std::string root, const AuditBounds& bounds)
      : root_(std::move(root)), bounds_(bounds) {}

  std::string summary(bool anew) { return summary_.text(anew); }
  std::string detail(bool anew) { return detail_.text(anew); }

  json purge(const ServiceRequest& request) {
    const PurgeOrder order = read_purge_order(request.body, root_);
    const json answer = purge_as_ordered(order, root_);
    if (!order.dry_run) forget();
    return answer;
  }

  json audit(const AuditOrder& order, const ServiceRequest& request) {
    const std::unique_lock<std::mutex> only_one(auditing_, std::try_to_lock);
    if (!only_one)
      throw HttpError(kBusyChecking, "a check of the cache is running: ask again when it has ended",
                      kCheckAgain);
    const json answer = audit_as_ordered(order, root_, bounds_, request.gone);
    if (order.clean) forget();
    return answer;
  }

  json clear(const ServiceRequest& request) {
    const json answer = clear_as_ordered(request, root_, bounds_);
    forget();
    return answer;
  }

 private:
  void forget() {
    summary_.forget();
    detail_.forget();
  }

  const std::string root_;
  const AuditBounds bounds_;
  std::mutex auditing_;
  RememberedText summary_{
      kSummaryKept,
      [this] { return summary_answer(summarise_cache(root_, kWalkThreads), job_time()).dump(); }};
  RememberedText detail_{
      kDetailKept, [this] {
        return detail_answer(root_, survey_cache(root_, kCellsLookedAt, kWalkThreads), job_time())
            .dump();
      }};
};

/// Errors of the disk are told without its paths.
Route::Handler without_paths(Route::Handler handler) {
  return [handler = std::move(handler)](const ServiceRequest& request) {
    try {
      return handler(request);
    } catch (const Error& error) {
      throw HttpError(kCacheFailed, path_free(error.what()));
    }
  };
}

Route cache_route(HttpMethod method, const std::string& pattern, const char* summary,
                  Route::Handler handler) {
  Route route;
  route.method = method;
  route.pattern = pattern;
  route.access = method == HttpMethod::kGet ? Access::kRead : Access::kChange;
  route.cost = Cost::kHeavy;
  route.doc.summary = summary;
  route.handler = without_paths(std::move(handler));
  return route;
}

ServiceAnswer text_answer(std::string text) {
  ServiceAnswer answer;
  answer.body = std::move(text);
  return answer;
}

json cache_bust_parameter() {
  return json::array({{{"name", "cache_bust"},
                       {"in", "query"},
                       {"description", "not an answer that is older than a second"},
                       {"schema", {{"type", "boolean"}, {"default", false}}}}});
}

Route walk_route(const char* name, const char* summary,
                 const std::function<std::string(bool anew)>& text) {
  Route route = cache_route(HttpMethod::kGet, std::string("/api/v1/cache/") + name, summary,
                            [text](const ServiceRequest& request) {
                              require_query_names(request, {"cache_bust"});
                              return text_answer(text(query_flag(request, "cache_bust")));
                            });
  route.doc.parameters = cache_bust_parameter();
  return route;
}

Route tiers_route() {
  Route route = cache_route(HttpMethod::kGet, "/api/v1/cache/tiers", "What the five tiers hold",
                            [](const ServiceRequest& request) {
                              require_query_names(request, {});
                              return json_answer(tiers_answer());
                            });
  route.cost = Cost::kQuick;
  return route;
}

Route purge_route(const std::shared_ptr<CacheDesk>& desk) {
  Route route = cache_route(HttpMethod::kPost, "/api/v1/cache/purge",
                            "Delete tiers or parts of them; a dry run unless it says otherwise",
                            [desk](const ServiceRequest& request) {
                              require_query_names(request, {});
                              return json_answer(desk->purge(request));
                            });
  route.only_reads = [](const ServiceRequest& request) { return is_dry_run(request.body); };
  route.doc.body = purge_order_schema();
  return route;
}

json audit_schema(bool is_check) {
  json properties;
  properties["clean"] = {{"type", "boolean"}, {"default", false}};
  properties["lock_timeout"] = {{"type", "number"}, {"default", AuditOrder().lock_timeout}};
  if (is_check) properties["quick"] = {{"type", "boolean"}, {"default", true}};
  return {{"type", "object"}, {"properties", properties}};
}

Route audit_route(const std::shared_ptr<CacheDesk>& desk, const char* name, const char* summary,
                  AuditOrder (*read)(const std::string& body)) {
  Route route = cache_route(HttpMethod::kPost, std::string("/api/v1/cache/") + name, summary,
                            [desk, read](const ServiceRequest& request) {
                              require_query_names(request, {});
                              return json_answer(desk->audit(read(request.body), request));
                            });
  route.only_reads = [](const ServiceRequest& request) { return is_look_only(request.body); };
  route.doc.body = audit_schema(read == read_check_order);
  return route;
}

json clear_parameters() {
  return json::array(
      {{{"name", "type"},
        {"in", "query"},
        {"schema",
         {{"type", "string"}, {"enum", {"output", "source", "orphaned", "cleanup", "all"}}}}},
       {{"name", "yes"}, {"in", "query"}, {"schema", {{"type", "boolean"}}}}});
}

/// The Python system purges by GET: an image on any page does.
Route no_clear_route() {
  Route route = cache_route(
      HttpMethod::kGet, "/cache/clear", "Refused: ask by POST", [](const ServiceRequest&) {
        ServiceAnswer answer = refusal(kNotAllowed, "a GET deletes nothing: send it as POST");
        answer.headers.emplace_back("Allow", "POST");
        return answer;
      });
  route.cost = Cost::kQuick;
  return route;
}

Route clear_route(const std::shared_ptr<CacheDesk>& desk) {
  Route route = cache_route(
      HttpMethod::kPost, "/cache/clear", "Purge as the Python system names it",
      [desk](const ServiceRequest& request) { return json_answer(desk->clear(request)); });
  route.doc.parameters = clear_parameters();
  return route;
}

}  // namespace

Routes cache_routes(const ServiceSettings& settings, const AuditBounds& bounds) {
  const auto desk = std::make_shared<CacheDesk>(cache_folder(settings), bounds);
  Routes routes;
  routes.push_back(tiers_route());
  routes.push_back(
      walk_route("summary", "Sizes by tier", [desk](bool anew) { return desk->summary(anew); }));
  routes.push_back(walk_route("detail", "By style, policy and level, provider, file",
                              [desk](bool anew) { return desk->detail(anew); }));
  routes.push_back(purge_route(desk));
  routes.push_back(audit_route(desk, "check", "Whether the cache is sound", read_check_order));
  routes.push_back(audit_route(desk, "orphans", "Locks and temporaries that nobody holds any more",
                               read_orphans_order));
  routes.push_back(no_clear_route());
  routes.push_back(clear_route(desk));
  return routes;
}

}  // namespace topobathy
