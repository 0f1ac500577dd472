#include "utils/cache/cache_text.h"
#include "utils/cache/name_policy.h"
#include "utils/cache/status_report.h"
#include "utils/cache/summary_report.h"
#include "utils/json_values.h"
#include "utils/text_table.h"

namespace topobathy {
namespace {

void print_head(std::ostream& out, const CacheSummary& summary, int number) {
  const FileSum& sum = summary.of_tier(number);
  out << "\ntier " << number << ": " << tier(number).name << ", " << count_text(sum.items, "item")
      << ", " << size_text(sum.bytes) << '\n';
}

std::string files_of(const FileSums& sums, const std::string& name) {
  const auto found = sums.find(name);
  return std::to_string(found == sums.end() ? 0 : found->second.files);
}

void print_tiles(std::ostream& out, const CacheSummary& summary) {
  if (summary.groups_of(1).empty()) return;
  TextTable table({"style", "tiles", "files", "size", "_meta.json", "_src.npz", "last used"});
  for (const auto& [style, sum] : summary.groups_of(1))
    table.add({style, std::to_string(sum.items), std::to_string(sum.files), size_text(sum.bytes),
               files_of(summary.companions, style + " _meta.json"),
               files_of(summary.companions, style + " _src.npz"), age_text(sum.newest)});
  table.print(out, "  ");
}

/// One row a lattice and level of a policy or provider.
void add_levels(TextTable& table, const CellCensus& census, int number, const std::string& name) {
  for (const auto& [group, sum] : census.groups)
    if (group.tier == number && group.name == name)
      table.add({"  level " + std::to_string(group.level) + ", " + group.crs + ", pixel " +
                     shown_number(group.pixel_size),
                 std::to_string(sum.cells), size_text(sum.bytes), "", "", range_text(group, sum)});
}

void print_groups(std::ostream& out, const CacheStatus& status, int number) {
  const FileSums& groups = status.summary.groups_of(number);
  if (groups.empty()) return;
  TextTable table({number == 2 ? "policy" : "provider", "items", "size", "oldest use", "newest use",
                   number == 5 ? "" : "range"});
  for (const auto& [name, sum] : groups) {
    const std::string title = number == 2 ? policy_title(name, status.root) : "";
    table.add({title.empty() ? name : name + " " + title, std::to_string(sum.items),
               size_text(sum.bytes), age_text(sum.oldest), age_text(sum.newest), ""});
    add_levels(table, status.census, number, name);
  }
  table.print(out, "  ");
}

void print_discovery(std::ostream& out, const CacheStatus& status) {
  if (status.summary.groups_of(4).empty()) return;
  TextTable table({"file", "files", "size", "age", "entries"});
  for (const auto& [path, sum] : status.summary.groups_of(4))
    table.add({path, std::to_string(sum.files), size_text(sum.bytes), age_text(sum.newest),
               entries_text(status.root + "/" + path)});
  table.print(out, "  ");
}

void print_beside(std::ostream& out, const FileSums& sums) {
  if (sums.empty()) return;
  out << "\nin no tier\n";
  TextTable table({"kind", "files", "size"});
  for (const auto& [kind, sum] : sums)
    table.add({kind, std::to_string(sum.files), size_text(sum.bytes)});
  table.print(out, "  ");
}

}  // namespace

void print_status(std::ostream& out, const CacheStatus& status) {
  print_summary(out, status.root, status.summary);
  for (const Tier& tier : tiers()) {
    print_head(out, status.summary, tier.number);
    if (tier.number == 1)
      print_tiles(out, status.summary);
    else if (tier.number == 4)
      print_discovery(out, status);
    else
      print_groups(out, status, tier.number);
  }
  print_beside(out, status.summary.beside);
  if (status.census.unreadable > 0)
    out << '\n'
        << count_text(status.census.unreadable, "cell")
        << " cannot be read; topobathy cache --clean deletes damaged ones\n";
  if (status.census.not_looked_at > 0)
    out << '\n'
        << count_text(status.census.not_looked_at, "cell")
        << " were not asked for level and place; --all asks every one\n";
}

}  // namespace topobathy
