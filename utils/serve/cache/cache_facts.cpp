#include "utils/serve/cache/cache_facts.h"

#include <cmath>

#include "cache/tiers.h"
#include "utils/cache/cache_text.h"
#include "utils/json_values.h"

namespace topobathy {
namespace {

using nlohmann::json;

constexpr char kDearWarning[] = "is downloaded again for hours: purge it only for room";

/// Megabytes as the Python system has them: two digits.
double megabytes(std::uint64_t bytes) {
  constexpr double kMegabyte = 1024.0 * 1024.0, kHundredths = 100.0;
  return std::round(static_cast<double>(bytes) / kMegabyte * kHundredths) / kHundredths;
}

json warning_of(const Tier& tier) {
  return tier.dear ? json(kDearWarning) : json();
}

}  // namespace

json tiers_answer() {
  json rows = json::array();
  for (const Tier& tier : tiers())
    rows.push_back({{"number", tier.number},
                    {"name", tier.name},
                    {"short_desc", tier.what},
                    {"long_desc", std::string(tier.what) + "; rebuilt in " + tier.rebuilt},
                    {"purge_reason", tier.when},
                    {"warning", warning_of(tier)},
                    {"paths", tier.paths},
                    {"rebuilt", tier.rebuilt},
                    {"dear", tier.dear}});
  return rows;
}

json summary_answer(const CacheSummary& summary, const std::string& made) {
  json answer{{"total_bytes", summary.all.bytes},
              {"total_mb", megabytes(summary.all.bytes)},
              {"files", summary.all.files},
              {"folders_not_read", summary.walk.unread_count},
              {"last_updated", made}};
  answer["tiers"] = json::array();
  for (const Tier& tier : tiers()) {
    const FileSum& sum = summary.of_tier(tier.number);
    answer["tiers"].push_back({{"number", tier.number},
                               {"name", tier.name},
                               {"items", sum.items},
                               {"files", sum.files},
                               {"bytes", sum.bytes},
                               {"mb", megabytes(sum.bytes)},
                               {"oldest", text_json(utc_text(sum.oldest))},
                               {"newest", text_json(utc_text(sum.newest))},
                               {"warning", warning_of(tier)}});
  }
  answer["beside"] = json::object();
  for (const auto& [kind, sum] : summary.beside)
    answer["beside"][kind] = {{"files", sum.files}, {"bytes", sum.bytes}};
  return answer;
}

}  // namespace topobathy
