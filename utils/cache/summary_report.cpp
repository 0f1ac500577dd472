#include "utils/cache/summary_report.h"

#include "utils/cache/cache_text.h"
#include "utils/json_values.h"
#include "utils/text_table.h"

namespace topobathy {
namespace {

FileSum sum_of(const FileSums& sums) {
  FileSum whole;
  for (const auto& [name, sum] : sums)
    whole.add(sum);
  return whole;
}

}  // namespace

void print_summary(std::ostream& out, const std::string& root, const CacheSummary& summary) {
  out << root << ": " << size_text(summary.all.bytes) << " in "
      << count_text(summary.all.files, "file") << '\n';
  TextTable table({"#", "tier", "size", "items", ""});
  for (const Tier& tier : tiers()) {
    const FileSum& sum = summary.of_tier(tier.number);
    std::string marks = sum.items > 0 ? "*" : "";
    if (tier.dear) marks += sum.items > 0 ? " ! downloaded again for hours" : "!";
    table.add({std::to_string(tier.number), tier.name, size_text(sum.bytes),
               std::to_string(sum.items), marks});
  }
  const FileSum beside = sum_of(summary.beside);
  table.add({"-", "in no tier", size_text(beside.bytes), std::to_string(beside.files), ""});
  table.print(out, "  ");
}

nlohmann::ordered_json sum_json(const FileSum& sum) {
  return {{"items", sum.items},
          {"files", sum.files},
          {"bytes", sum.bytes},
          {"oldest_use", text_json(utc_text(sum.oldest))},
          {"newest_use", text_json(utc_text(sum.newest))}};
}

nlohmann::ordered_json summary_json(const std::string& root, const CacheSummary& summary) {
  nlohmann::ordered_json json{{"format", kJsonFormat},
                              {"root", root},
                              {"files", summary.all.files},
                              {"bytes", summary.all.bytes}};
  json["tiers"] = nlohmann::ordered_json::array();
  for (const Tier& tier : tiers()) {
    nlohmann::ordered_json row{{"tier", tier.number}, {"name", tier.name}};
    row.update(sum_json(summary.of_tier(tier.number)));
    json["tiers"].push_back(row);
  }
  json["beside"] = nlohmann::ordered_json::object();
  for (const auto& [kind, sum] : summary.beside)
    json["beside"][kind] = {{"files", sum.files}, {"bytes", sum.bytes}};
  json["unread"] = nlohmann::ordered_json::array();
  for (const WalkTrouble& trouble : summary.walk.unread)
    json["unread"].push_back({{"path", trouble.path}, {"message", trouble.why}});
  return json;
}

}  // namespace topobathy
