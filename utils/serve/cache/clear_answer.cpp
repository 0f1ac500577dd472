#include "utils/serve/cache/clear_answer.h"

#include <vector>

#include "fusion/policy/nearest.h"
#include "utils/serve/body/body_members.h"
#include "utils/serve/cache/purge_answer.h"
#include "utils/serve/http_error.h"

namespace topobathy {
namespace {

using nlohmann::json;

constexpr int kBadClear = 400;

std::vector<int> tiers_of_type(const std::string& type) {
  if (type == "output") return {1, 2};
  if (type == "source") return {3, 4, 5};
  if (type == "all") return {1, 2, 3, 4, 5};
  const std::string nearest =
      nearest_name(type, {"output", "source", "orphaned", "cleanup", "all"});
  throw HttpError(kBadClear, "'type' is to be output, source, orphaned or all" +
                                 (nearest.empty() ? "" : ": did you mean '" + nearest + "'?"));
}

json cleared(const std::vector<std::string>& what, const std::string& message) {
  return {{"status", "success"}, {"cleared", what}, {"message", message}};
}

json clear_leftovers(const ServiceRequest& request, const std::string& root,
                     const AuditBounds& bounds) {
  AuditOrder order;
  order.clean = order.leftovers_only = true;
  const json audit = audit_as_ordered(order, root, bounds, request.gone);
  const std::string locks = std::to_string(audit["orphans"]["locks"].size());
  const std::string files = std::to_string(audit["orphans"]["tmp_files"].size());
  return cleared({"orphaned_locks(" + locks + ")", "orphaned_tmps(" + files + ")"},
                 audit["message"].get<std::string>());
}

}  // namespace

json clear_as_ordered(const ServiceRequest& request, const std::string& root,
                      const AuditBounds& bounds) {
  require_query_names(request, {"type", "yes"});
  if (!request.body.empty())
    throw HttpError(kBadClear, "/cache/clear takes no body: give 'type' in the query");
  const auto given = request.query.find("type");
  const std::string type = given == request.query.end() ? "output" : given->second;
  if (type == "orphaned" || type == "cleanup") return clear_leftovers(request, root, bounds);
  PurgeOrder order;
  order.dry_run = false;
  for (const int number : tiers_of_type(type))
    order.tiers.add(number);
  if (order.tiers.has(kTierCount) && !query_flag(request, "yes"))
    throw HttpError(kBadClear,
                    "type=" + type +
                        " takes tier 5 too, which is downloaded again for hours: add yes=true "
                        "(nothing was deleted)");
  const json purge = purge_as_ordered(order, root);
  std::vector<std::string> names;
  for (const auto& tier : purge["summary"].items())
    names.push_back(tier.key() + "(" + tier.value()["count"].dump() + ")");
  json answer = cleared(names, purge["message"].get<std::string>());
  answer["status"] = purge["status"];
  return answer;
}

}  // namespace topobathy
