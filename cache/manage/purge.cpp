#include "cache/manage/purge.h"

#include <mutex>

#include "cache/manage/remove_item.h"

namespace topobathy {
namespace {

constexpr std::size_t kMostUnpurged = 100;

std::string_view group_of(const ItemClass& item) noexcept {
  return item.provider.empty() ? item.group : item.provider;
}

class Purge {
 public:
  explicit Purge(const PurgeRequest& request) : request_(request) {}

  PurgeResult run() {
    WalkOptions options;
    options.threads = request_.threads;
    options.enter = [this](std::string_view folder) { return may_hold(folder, request_.tiers); };
    result_.walk = walk_cache(request_.root, options,
                              [this](const CacheEntry& entry, std::size_t) { look(entry); });
    if (!request_.dry_run) clear_folders();
    return std::move(result_);
  }

 private:
  void look(const CacheEntry& entry) {
    if (!request_.tiers.has(entry.item.tier) || is_emptied(entry)) return;
    const bool is_item = entry.item.is_item();
    if (!is_item && !is_orphan(request_.root, entry, began_)) return;
    const Match match = matches(request_.filter, request_.root, entry, request_.place);
    if (match == Match::kUnknown) count_unknown();
    if (match != Match::kYes) return;
    note(entry, request_.dry_run ? would_remove(entry) : remove(entry));
  }

  Removal remove(const CacheEntry& entry) const {
    const std::string path(entry.path);
    return entry.item.is_item() ? remove_item(request_.root, path, entry.item, began_)
                                : remove_orphan(request_.root, path);
  }

  Removal would_remove(const CacheEntry& entry) const {
    Removal removal;
    removal.removed = true;
    removal.bytes =
        entry.size + companion_bytes(request_.root, std::string(entry.path), entry.item.kind);
    return removal;
  }

  void count_unknown() {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++result_.unknown;
  }

  void note(const CacheEntry& entry, const Removal& removal) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!removal.failure.empty()) {
      ++result_.failed;
      if (result_.failures.size() < kMostUnpurged)
        result_.failures.push_back({std::string(entry.path), removal.failure});
    }
    if (!removal.removed) return;
    const auto tier = static_cast<std::size_t>(entry.item.tier - 1);
    auto& groups = result_.groups[tier];
    auto group = groups.find(group_of(entry.item));
    if (group == groups.end()) group = groups.emplace(group_of(entry.item), Removed{}).first;
    for (Removed* sum : {&result_.tiers[tier], &group->second}) {
      sum->items += entry.item.is_item() ? 1U : 0U;
      sum->bytes += removal.bytes;
    }
    if (request_.each) request_.each(entry.path, removal.bytes);
  }

  /// Of the tiers whose folders grow in number with what is stored.
  void clear_folders() const {
    if (request_.tiers.has(1)) remove_empty_folders(request_.root, "tiles");
    if (request_.tiers.has(2)) remove_empty_folders(request_.root, "fused_zarr");
  }

  const PurgeRequest& request_;
  const std::int64_t began_ = file_time_now();
  std::mutex mutex_;
  PurgeResult result_;
};

}  // namespace

Removed PurgeResult::all() const noexcept {
  Removed sum;
  for (const Removed& tier : tiers) {
    sum.items += tier.items;
    sum.bytes += tier.bytes;
  }
  return sum;
}

PurgeResult purge_cache(const PurgeRequest& request) {
  return Purge(request).run();
}

}  // namespace topobathy
