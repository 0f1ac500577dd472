#include "fusion/policy/blend_text.h"
#include "utils/analysis_report.h"
#include "utils/json_values.h"
#include "utils/policy_json.h"

namespace topobathy {
namespace {

using nlohmann::ordered_json;
using State = LayerInventory::State;

const char* state_name(State state) noexcept {
  switch (state) {
    case State::kKnown:
      return "known";
    case State::kElsewhere:
      return "elsewhere";
    case State::kOffline:
      return "offline";
    case State::kFailed:
      return "failed";
  }
  return "";
}

ordered_json grid_json(const Analysis& analysis) {
  const FusedRaster& raster = *analysis.raster;
  const LatticeWindow& window = analysis.window;
  const int level = analysis.level;
  ordered_json json;
  json["crs"] = raster.policy().crs;
  json["level"] = level;
  json["pixel_size"] = raster.lattice().at_level(level).pixel_size();
  json["column"] = window.col - (raster.extent().col >> level);
  json["row"] = window.row - (raster.extent().row >> level);
  json["width"] = window.width;
  json["height"] = window.height;
  return json;
}

ordered_json cells_json(const std::optional<CellCount>& cells) {
  if (!cells) return nullptr;
  ordered_json json;
  json["stored"] = cells->stored;
  json["partly"] = cells->partly;
  json["total"] = cells->total;
  return json;
}

ordered_json amount_json(const Amount& amount) {
  ordered_json json;
  json["files"] = amount.files;
  json["bytes"] = amount.bytes;
  json["unsized"] = amount.unsized;
  return json;
}

ordered_json sums_json(const InventorySums& sums) {
  ordered_json json;
  json["files"] = sums.taken;
  json["left_out"] = sums.left_out;
  json["at_hand"] = sums.at_hand;
  json["to_fetch"] = amount_json(sums.fetch);
  json["by_windows"] = amount_json(sums.windows);
  json["to_ask"] = amount_json(sums.service);
  return json;
}

template <class Number>
ordered_json stated(Number value, bool is_stated) {
  return is_stated ? ordered_json(value) : ordered_json();
}

ordered_json item_json(const InventoryItem& item) {
  ordered_json json;
  json["id"] = item.id;
  json["survey_id"] = text_json(item.survey_id);
  json["project"] = text_json(item.project);
  json["url"] = text_json(item.url);
  json["year"] = stated(item.year, item.year != 0);
  json["resolution"] = stated(item.resolution, item.resolution > 0);
  json["size"] = stated(item.size, item.size >= 0);
  json["access"] = to_text(item.access);
  json["vertical_datum"] = text_json(item.vertical_datum);
  json["vertical_basis"] = text_json(item.vertical_basis);
  json["at_hand"] = item.at_hand;
  json["excluded"] = text_json(item.excluded);
  return json;
}

ordered_json step_json(const Step& step, const LayerInventory& inventory, Detail detail) {
  ordered_json json;
  json["name"] = step.name;
  json["provider"] = step.provider;
  json["product"] = text_json(step.product.value_or(""));
  json["operator"] = blend_text(step.blend);
  json["has_zone"] = step.zone.has_value();
  json["state"] = state_name(inventory.state);
  json["messages"] = inventory.messages;
  json["cells"] = cells_json(inventory.cells);
  json["sums"] = sums_json(sums_of({inventory}));
  json["files"] = nullptr;
  if (detail == Detail::kSums) return json;
  json["files"] = ordered_json::array();
  for (const InventoryItem& item : inventory.items)
    json["files"].push_back(item_json(item));
  return json;
}

}  // namespace

void print_json(std::ostream& out, const Analysis& analysis, Detail detail) {
  const auto& steps = analysis.inventory.steps;
  const Policy& policy = analysis.raster->policy();
  ordered_json json;
  json["format"] = kJsonFormat;
  json["policy"] = policy_json(policy);
  json["box"] = {{"west", analysis.box.west},
                 {"south", analysis.box.south},
                 {"east", analysis.box.east},
                 {"north", analysis.box.north}};
  json["grid"] = grid_json(analysis);
  json["cells"] = cells_json(analysis.inventory.cells);
  json["steps"] = ordered_json::array();
  for (std::size_t i = steps.size(); i-- > 0;)
    json["steps"].push_back(step_json(policy.steps[i], steps[i], detail));
  json["sums"] = sums_json(sums_of(steps));
  out << json_text(json) << '\n';
}

}  // namespace topobathy
