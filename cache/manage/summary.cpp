#include "cache/manage/summary.h"

#include <algorithm>
#include <vector>

namespace topobathy {
namespace {

/// One page of SQLite; a database with a table has two.
constexpr std::uint64_t kEmptyDatabase = 4096;

FileSum& sum_of(FileSums& sums, std::string_view name) {
  const auto known = sums.find(name);
  return known != sums.end() ? known->second : sums.emplace(name, FileSum{}).first->second;
}

/// "noaa_bluetopo/sidecars/" of a file in a folder, "noaa_bluetopo/x.gpkg" of one that is in none.
std::string_view discovery_name(std::string_view path) noexcept {
  const std::size_t provider = path.find('/');
  const std::size_t folder = path.find('/', provider + 1);
  if (folder != std::string_view::npos) return path.substr(0, folder + 1);
  constexpr std::string_view kDatabase = "discovery.sqlite";
  const bool is_database = path.substr(provider + 1, kDatabase.size()) == kDatabase;
  return is_database ? path.substr(0, provider + 1 + kDatabase.size()) : path;
}

std::string_view group_name(const CacheEntry& entry) noexcept {
  switch (entry.item.tier) {
    case 1:
    case 2:
      return entry.item.group;
    case 4:
      return discovery_name(entry.path);
    default:
      return entry.item.provider;
  }
}

void add_companion(CacheSummary& summary, const CacheEntry& entry) {
  const std::size_t end = entry.path.rfind('_');
  std::string name(entry.item.group);
  sum_of(summary.companions, name.append(" ").append(entry.path.substr(end))).add(entry);
}

void add_sums(FileSums& sums, const FileSums& others) {
  for (const auto& [name, other] : others)
    sum_of(sums, name).add(other);
}

}  // namespace

void CacheSummary::add(const CacheEntry& entry) {
  all.add(entry);
  if (entry.item.tier == 0) {
    sum_of(beside, to_text(entry.item.kind)).add(entry);
    return;
  }
  const auto at = static_cast<std::size_t>(entry.item.tier - 1);
  tiers[at].add(entry);
  sum_of(groups[at], group_name(entry)).add(entry);
  if (entry.item.kind == ItemKind::kTileCompanion) add_companion(*this, entry);
}

void CacheSummary::add(const CacheSummary& part) {
  for (std::size_t at = 0; at < tiers.size(); ++at) {
    tiers[at].add(part.tiers[at]);
    add_sums(groups[at], part.groups[at]);
  }
  add_sums(companions, part.companions);
  add_sums(beside, part.beside);
  all.add(part.all);
}

void FileSum::add(const CacheEntry& entry) noexcept {
  ++files;
  bytes += entry.size;
  if (!entry.item.is_item() || is_emptied(entry)) return;
  ++items;
  oldest = oldest == 0 ? entry.used() : std::min(oldest, entry.used());
  newest = std::max(newest, entry.used());
}

void FileSum::add(const FileSum& other) noexcept {
  items += other.items;
  files += other.files;
  bytes += other.bytes;
  if (other.oldest != 0) oldest = oldest == 0 ? other.oldest : std::min(oldest, other.oldest);
  newest = std::max(newest, other.newest);
}

bool is_emptied(const CacheEntry& entry) noexcept {
  return entry.item.kind == ItemKind::kDiscovery && entry.size <= kEmptyDatabase;
}

CacheSummary summarise_cache(const std::string& root, std::size_t threads) {
  std::vector<CacheSummary> parts(threads);
  WalkOptions options;
  options.threads = threads;
  WalkResult walk = walk_cache(root, options, [&](const CacheEntry& entry, std::size_t worker) {
    parts[worker].add(entry);
  });
  CacheSummary whole;
  for (const CacheSummary& part : parts)
    whole.add(part);
  whole.walk = std::move(walk);
  return whole;
}

}  // namespace topobathy
