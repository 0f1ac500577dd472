#include "utils/cache/cache_text.h"
#include "utils/cache/name_policy.h"
#include "utils/cache/status_report.h"
#include "utils/cache/summary_report.h"
#include "utils/json_values.h"

namespace topobathy {
namespace {

using nlohmann::ordered_json;

ordered_json levels_json(const CellCensus& census, int tier, const std::string& name) {
  ordered_json rows = ordered_json::array();
  for (const auto& [group, sum] : census.groups)
    if (group.tier == tier && group.name == name)
      rows.push_back({{"level", group.level},
                      {"crs", group.crs},
                      {"pixel_size", group.pixel_size},
                      {"cells", sum.cells},
                      {"bytes", sum.bytes},
                      {"lonlat", range_json(group, sum)}});
  return rows;
}

const char* name_of_group(int tier) {
  return tier == 1 ? "style" : tier == 2 ? "policy" : tier == 4 ? "path" : "provider";
}

ordered_json group_json(const CacheStatus& status, int tier, const std::string& name,
                        const FileSum& sum) {
  ordered_json row{{name_of_group(tier), name}};
  if (tier == 2) row["name"] = text_json(policy_title(name, status.root));
  row.update(sum_json(sum));
  if (tier == 2 || tier == 3) row["levels"] = levels_json(status.census, tier, name);
  if (tier == 4) row["entries"] = text_json(entries_text(status.root + "/" + name));
  return row;
}

}  // namespace

ordered_json status_json(const CacheStatus& status) {
  ordered_json json = summary_json(status.root, status.summary);
  for (ordered_json& row : json["tiers"]) {
    const int tier = row["tier"].get<int>();
    row["groups"] = ordered_json::array();
    for (const auto& [name, sum] : status.summary.groups_of(tier))
      row["groups"].push_back(group_json(status, tier, name, sum));
  }
  json["cells_unreadable"] = status.census.unreadable;
  json["cells_not_looked_at"] = status.census.not_looked_at;
  return json;
}

}  // namespace topobathy
