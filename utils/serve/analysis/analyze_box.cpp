#include <cpl_conv.h>

#include <algorithm>

#include "cache/json_text.h"
#include "providers/analyze.h"
#include "utils/serve/analysis/analysis_handlers.h"
#include "utils/serve/analysis/without_paths.h"
#include "utils/serve/http_error.h"
#include "utils/serve/parameters/asked_area.h"
#include "utils/serve/parameters/asked_policy.h"
#include "utils/serve/policy/shown_policy.h"

namespace topobathy {
namespace {

using nlohmann::json;

constexpr std::size_t kMostItems = 10'000;  ///< listed of one step

bool is_published(const std::string& url) {
  return url.rfind("https://", 0) == 0 || url.rfind("http://", 0) == 0;
}

/// Files of this machine are known by their last name alone.
std::string item_name(const InventoryItem& item) {
  if (!item.survey_id.empty()) return item.survey_id;
  const bool is_file = item.access == InventoryItem::Access::kFile;
  return is_file ? std::string(CPLGetFilename(item.id.c_str())) : item.id;
}

json analyzed_item(const InventoryItem& item) {
  return {{"name", json_from_bytes(item_name(item))},
          {"included", item.excluded.empty()},
          {"reason", item.excluded.empty() ? json() : json(printable(item.excluded))},
          {"url", is_published(item.url) ? json_from_bytes(item.url) : json()}};
}

json failed_item(const std::string& message) {
  return {{"name", "Error fetching inventory"},
          {"included", false},
          {"reason", printable(without_paths(message))},
          {"url", nullptr}};
}

json analyzed_step(const Step& step, std::size_t index, const LayerInventory& inventory) {
  json items = json::array();
  for (const std::string& message : inventory.messages)
    items.push_back(failed_item(message));
  for (std::size_t i = 0; i < std::min(inventory.items.size(), kMostItems); ++i)
    items.push_back(analyzed_item(inventory.items[i]));
  json row{{"provider", step.provider},
           {"step_index", index},
           {"step", json_from_bytes(step.name)},
           {"items", std::move(items)}};
  if (inventory.items.size() > kMostItems)
    row["items_left_off"] = inventory.items.size() - kMostItems;
  return row;
}

json amount_of(const Amount& amount) {
  return {{"files", amount.files}, {"bytes", amount.bytes}, {"unsized", amount.unsized}};
}

json estimate_of(const Analysis& analysis) {
  const InventorySums sums = sums_of(analysis.inventory.steps);
  json estimate{{"pixels", analysis.window.area()},
                {"to_fetch", amount_of(sums.fetch)},
                {"by_windows", amount_of(sums.windows)},
                {"to_ask", amount_of(sums.service)},
                {"cells", nullptr}};
  if (const auto& cells = analysis.inventory.cells)
    estimate["cells"] = {{"total", cells->total}, {"stored", cells->stored}};
  return estimate;
}

void require_small(const LonLatBox& box, const ServiceLimits& limits) {
  const double area = square_degrees(box);
  if (area <= static_cast<double>(limits.analyze_degrees2)) return;
  throw HttpError(422, "the box has " + shown(area) + " square degrees; at most " +
                           std::to_string(limits.analyze_degrees2) + " are analysed at once");
}

Analysis analyze_asked(const OpenRequest& open) {
  auto raster = open_asked(open);
  try {
    return analyze(std::move(raster), 0, open);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kUsage) throw;
    throw HttpError(422, error.message());
  }
}

/// The reference's bodies name a policy by policy_name, with or without ".yaml".
OpenRequest analyzed_policy(const Parameters& body, Service& service) {
  std::string name = body.text("policy_name").value_or("");
  if (name.empty() || body.has("policy") || body.has("policy_yaml"))
    return asked_policy(body, service);
  constexpr std::string_view kSuffix = ".yaml";
  if (name.size() > kSuffix.size() &&
      name.compare(name.size() - kSuffix.size(), kSuffix.size(), kSuffix) == 0)
    name.resize(name.size() - kSuffix.size());
  return service.policy(name)->request();
}

const Parameters::Names& analyze_names() {
  // The last are sent by clients of the Python system and mean nothing here.
  static const Parameters::Names kNames =
      with_names(with_names(kBoxNames, kGridNames),
                 {"policy", "policy_yaml", "policy_name", "force", "lidar_url", "ept_url",
                  "use_seam_blending", "max_workers"});
  return kNames;
}

}  // namespace

ServiceAnswer analyze_box(Service& service, const ServiceRequest& request) {
  const Parameters body = Parameters::of_body(request, analyze_names());
  const LonLatBox box = asked_box(body);
  require_small(box, service.settings().limits);
  OpenRequest open = analyzed_policy(body, service);
  open.bbox = box;
  open.bbox_crs = "EPSG:4326";
  asked_grid(body, open);
  const Analysis analysis = analyze_asked(open);
  json providers = json::array();
  const auto& steps = analysis.inventory.steps;
  for (std::size_t i = 0; i < steps.size(); ++i)
    providers.push_back(analyzed_step(analysis.raster->policy().steps[i], i, steps[i]));
  const auto text = shown_policy_text(open, service.settings());
  return json_answer({{"providers", std::move(providers)},
                      {"estimate", estimate_of(analysis)},
                      {"policy_yaml", text ? json_from_bytes(*text) : json()}});
}

}  // namespace topobathy
