#include "cache/manage/limit.h"

#include <algorithm>
#include <mutex>
#include <queue>
#include <tuple>

#include "cache/manage/remove_item.h"

namespace topobathy {
namespace {

constexpr std::size_t kMostFailures = 100;
/// Items that one walk picks, some 200 bytes each; what is beyond takes another walk.
constexpr std::size_t kMostPicked = 100000;

struct Candidate {
  std::int64_t used = 0;
  std::string path;
  std::uint64_t bytes = 0;
  friend bool operator<(const Candidate& a, const Candidate& b) {
    return std::tie(a.used, a.path) < std::tie(b.used, b.path);
  }
};

/// The least recently used that add up to what is needed.
class Oldest {
 public:
  /// None that is not newer than `beyond`.
  Oldest(std::uint64_t needed, Candidate beyond) : needed_(needed), beyond_(std::move(beyond)) {}

  void offer(const CacheEntry& entry) {
    if (entry.used() < beyond_.used) return;
    Candidate candidate{entry.used(), std::string(entry.path), entry.size};
    if (!(beyond_ < candidate)) return;
    const std::lock_guard<std::mutex> lock(mutex_);
    const bool full = sum_ >= needed_ || newest_first_.size() >= kMostPicked;
    if (full && entry.used() > newest_first_.top().used) return;
    newest_first_.push(std::move(candidate));
    sum_ += entry.size;
    while (newest_first_.size() > kMostPicked || sum_ - newest_first_.top().bytes >= needed_) {
      sum_ -= newest_first_.top().bytes;
      newest_first_.pop();
    }
  }

  /// Oldest first.
  std::vector<Candidate> take() {
    std::vector<Candidate> all(newest_first_.size());
    for (std::size_t at = all.size(); at-- > 0; newest_first_.pop())
      all[at] = newest_first_.top();
    return all;
  }

 private:
  const std::uint64_t needed_;
  const Candidate beyond_;
  std::mutex mutex_;
  std::priority_queue<Candidate> newest_first_;
  std::uint64_t sum_ = 0;
};

class Limit {
 public:
  explicit Limit(const LimitRequest& request) : request_(request) {}

  LimitResult run() {
    const CacheSummary summary = summarise_cache(request_.root, request_.threads);
    result_.before = result_.after = result_.fixed = summary.all.bytes;
    for (const int number : request_.tiers.numbers())
      result_.fixed -= summary.of_tier(number).bytes;
    if (result_.fixed > request_.bytes) return std::move(result_);
    for (const int number : request_.tiers.numbers()) {
      Candidate last;
      while (!result_.within(request_.bytes) && evict_from(number, last)) {
      }
      if (!request_.dry_run && number == 1) remove_empty_folders(request_.root, "tiles");
      if (!request_.dry_run && number == 2) remove_empty_folders(request_.root, "fused_zarr");
    }
    return std::move(result_);
  }

 private:
  /// One walk. `last`: up to where the walks before have come. \returns whether there was any item
  bool evict_from(int number, Candidate& last) {
    TierSet only;
    only.add(number);
    Oldest oldest(result_.after - request_.bytes, last);
    WalkOptions options;
    options.threads = request_.threads;
    options.enter = [&](std::string_view folder) { return may_hold(folder, only); };
    walk_cache(request_.root, options, [&](const CacheEntry& entry, std::size_t) {
      if (entry.item.tier == number && entry.item.is_item() && !is_emptied(entry))
        oldest.offer(entry);
    });
    const auto picked = oldest.take();
    for (const Candidate& candidate : picked)
      if (!result_.within(request_.bytes)) evict(candidate, number);
    if (!picked.empty()) last = picked.back();
    return !picked.empty();
  }

  void evict(const Candidate& candidate, int number) {
    Removal removal;
    removal.removed = true;
    removal.bytes = candidate.bytes;
    const ItemKind kind = classify(candidate.path).kind;
    if (request_.dry_run)
      removal.bytes += companion_bytes(request_.root, candidate.path, kind);
    else
      removal = remove_item(request_.root, candidate.path, classify(candidate.path), began_);
    if (!removal.failure.empty()) {
      ++result_.failed;
      if (result_.failures.size() < kMostFailures)
        result_.failures.push_back({candidate.path, removal.failure});
    }
    if (!removal.removed) return;
    Removed& sum = result_.tiers[static_cast<std::size_t>(number - 1)];
    ++sum.items;
    sum.bytes += removal.bytes;
    result_.after -= std::min(result_.after, removal.bytes);
  }

  const LimitRequest& request_;
  const std::int64_t began_ = file_time_now();
  LimitResult result_;
};

}  // namespace

LimitResult limit_cache(const LimitRequest& request) {
  return Limit(request).run();
}

}  // namespace topobathy
