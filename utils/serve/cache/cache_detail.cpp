#include <cmath>
#include <map>
#include <optional>

#include "cache/policy_copy.h"
#include "cache/tiers.h"
#include "fusion/error.h"
#include "providers/align/crs.h"
#include "utils/cache/cache_text.h"
#include "utils/cache/status_report.h"
#include "utils/json_values.h"
#include "utils/serve/body/path_free.h"
#include "utils/serve/cache/cache_facts.h"

namespace topobathy {
namespace {

using nlohmann::json;

constexpr double kPi = 3.14159265358979323846;
constexpr double kMetresOfADegree = 111320.0;  ///< as policies state a resolution
constexpr int kFinestZoomTold = 30;
/// Rows of one list: a cache of more policies is told in part.
constexpr std::size_t kMostRows = 1000;

std::uint64_t files_in(const FileSums& sums, const std::string& name) {
  const auto found = sums.find(name);
  return found == sums.end() ? 0 : found->second.files;
}

json use_json(const FileSum& sum) {
  return {{"count", sum.items},
          {"files", sum.files},
          {"bytes", sum.bytes},
          {"newest", text_json(utc_text(sum.newest))},
          {"oldest", text_json(utc_text(sum.oldest))}};
}

/// The zoom of web tiles whose pixels these are.
std::optional<int> zoom_of(const CellGroup& group) {
  if (group.crs != "EPSG:3857") return std::nullopt;
  constexpr double kWidest = 2.0 * kPi * 6378137.0 / 256.0;
  const double zoom = std::log2(kWidest / group.pixel_size);
  const double whole = std::round(zoom);
  const bool is_one = std::fabs(zoom - whole) < 1e-6 && whole >= 0 && whole <= kFinestZoomTold;
  return is_one ? std::optional<int>(static_cast<int>(whole)) : std::nullopt;
}

json metres_of_pixel(const CellGroup& group) {
  try {
    const bool degrees = crs_traits(group.crs).kind == CrsTraits::Kind::kGeographic;
    return group.pixel_size * (degrees ? kMetresOfADegree : 1.0);
  } catch (const Error&) {
    return nullptr;  // of a PROJ that knew more
  }
}

json level_json(const CellGroup& group, const CellSum& sum) {
  const json box = range_json(group, sum);
  json row{{"level", group.level},
           {"crs", group.crs},
           {"pixel_size", group.pixel_size},
           {"resolution_m", metres_of_pixel(group)},
           {"count", sum.cells},
           {"bytes", sum.bytes},
           {"bbox", box}};
  const auto zoom = zoom_of(group);
  row["zoom"] = zoom ? json(*zoom) : json();
  return row;
}

json levels_json(const CellCensus& census, int tier, const std::string& name) {
  json rows = json::array();
  for (const auto& [group, sum] : census.groups)
    if (group.tier == tier && group.name == name && rows.size() < kMostRows)
      rows.push_back(level_json(group, sum));
  return rows;
}

std::map<std::string, std::string> titles_of(const std::string& root) {
  std::map<std::string, std::string> titles;
  for (const PolicyCopy& copy : policy_copies(root)) {
    std::string& title = titles[copy.policy8];
    title += (title.empty() ? "" : ", ") + copy.name;
  }
  return titles;
}

json styles_json(const CacheSummary& summary) {
  json rows = json::array();
  std::uint64_t metas = 0, sources = 0;
  for (const auto& [style, sum] : summary.groups_of(1)) {
    metas += files_in(summary.companions, style + " _meta.json");
    sources += files_in(summary.companions, style + " _src.npz");
    json row = use_json(sum);
    row["label"] = style;
    if (rows.size() < kMostRows) rows.push_back(row);
  }
  return {{"tile_subdirs", rows}, {"meta_count", metas}, {"npz_count", sources}};
}

json policies_json(const std::string& root, const CacheSurvey& survey) {
  const auto titles = titles_of(root);
  json rows = json::array();
  for (const auto& [policy8, sum] : survey.summary.groups_of(2)) {
    if (rows.size() == kMostRows) break;
    const auto title = titles.find(policy8);
    json row = use_json(sum);
    row["policy_hash"] = policy8;
    row["policy_name"] = title == titles.end() ? json() : json(title->second);
    row["levels"] = levels_json(survey.census, 2, policy8);
    rows.push_back(row);
  }
  json tier = use_json(survey.summary.of_tier(2));
  tier["policies"] = rows;
  tier["policies_left_out"] = survey.summary.groups_of(2).size() - rows.size();
  return tier;
}

json providers_json(const CacheSurvey& survey, int tier, const char* label) {
  json rows = json::array();
  for (const auto& [name, sum] : survey.summary.groups_of(tier)) {
    json row = use_json(sum);
    row[label] = name;
    if (tier == 3) row["levels"] = levels_json(survey.census, tier, name);
    rows.push_back(row);
  }
  return rows;
}

json discovery_json(const std::string& root, const CacheSummary& summary) {
  json rows = json::array();
  for (const auto& [path, sum] : summary.groups_of(4)) {
    if (rows.size() == kMostRows) break;
    const std::string entries = entries_text(root + "/" + path);
    rows.push_back({{"label", path},
                    {"ok", entries.rfind("unreadable", 0) != 0},
                    {"files", sum.files},
                    {"bytes", sum.bytes},
                    {"entries", text_json(path_free(entries))},
                    {"mtime", text_json(utc_text(sum.newest))}});
  }
  return rows;
}

}  // namespace

json detail_answer(const std::string& root, const CacheSurvey& survey, const std::string& made) {
  json answer{{"total_bytes", survey.summary.all.bytes}, {"last_updated", made}};
  answer["tier_1"] = styles_json(survey.summary);
  answer["tier_2"] = policies_json(root, survey);
  answer["tier_3"] = {{"providers", providers_json(survey, 3, "name")}};
  answer["tier_4"] = {{"discovery", discovery_json(root, survey.summary)}};
  answer["tier_5"] = {{"raw_files", providers_json(survey, 5, "provider")}};
  answer["cells_unreadable"] = survey.census.unreadable;
  answer["cells_not_looked_at"] = survey.census.not_looked_at;
  return answer;
}

}  // namespace topobathy
