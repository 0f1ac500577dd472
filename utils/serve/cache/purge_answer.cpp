#include "utils/serve/cache/purge_answer.h"

#include <vector>

#include "cache/manage/purge.h"
#include "utils/cache/cache_request.h"
#include "utils/serve/body/path_free.h"

namespace topobathy {
namespace {

using nlohmann::json;

constexpr std::size_t kMostPathsTold = 1000;
/// Looking at files waits for the disk more than for the processor.
constexpr std::size_t kPurgeThreads = 2;

/// What several purges come to.
class PurgeTale {
 public:
  explicit PurgeTale(bool dry_run) : dry_run_(dry_run) {}

  void run(const TierSet& tiers, const ItemFilter& filter, const std::string& root) {
    PurgeRequest request;
    request.root = root;
    request.tiers = tiers;
    request.filter = filter;
    request.place = proj_places();
    request.dry_run = dry_run_;
    request.threads = kPurgeThreads;
    request.each = [this](std::string_view path, std::uint64_t) { add(path); };
    add(purge_cache(request), tiers);
  }

  json answer() const {
    const char* const verb = dry_run_ ? "would be deleted" : "deleted";
    return {{"status", failed_ == 0 ? "success" : "partial"},
            {"mode", dry_run_ ? "dry-run" : "committed"},
            {"message", std::to_string(items_) + (items_ == 1 ? " item " : " items ") + verb},
            {"summary", summary_},
            {"groups", groups_},
            {"paths", paths_},
            {"paths_total", paths_total_},
            {"unknown", unknown_},
            {"failed", failed_},
            {"failures", failures_}};
  }

 private:
  void add(std::string_view path) {
    ++paths_total_;
    if (paths_.size() < kMostPathsTold) paths_.push_back(std::string(path));
  }

  void add(const PurgeResult& result, const TierSet& tiers) {
    for (const int number : tiers.numbers()) {
      const auto at = static_cast<std::size_t>(number - 1);
      const std::string name = "tier_" + std::to_string(number);
      summary_[name] = {{"count", result.tiers[at].items}, {"bytes", result.tiers[at].bytes}};
      groups_[name] = json::object();
      for (const auto& [group, sum] : result.groups[at])
        groups_[name][group] = {{"count", sum.items}, {"bytes", sum.bytes}};
      items_ += result.tiers[at].items;
    }
    unknown_ += result.unknown;
    failed_ += result.failed + result.walk.unread_count;
    for (const PurgeFailure& failure : result.failures)
      failures_.push_back({{"path", failure.path}, {"message", path_free(failure.why)}});
  }

  const bool dry_run_;
  std::uint64_t items_ = 0, paths_total_ = 0, unknown_ = 0, failed_ = 0;
  json summary_ = json::object(), groups_ = json::object();
  json paths_ = json::array(), failures_ = json::array();
};

}  // namespace

json purge_as_ordered(const PurgeOrder& order, const std::string& root) {
  PurgeTale tale(order.dry_run);
  TierSet together;
  for (const int number : order.tiers.numbers())
    if (number != 2 || order.of_tier_2.empty()) together.add(number);
  if (!together.empty()) tale.run(together, order.filter, root);
  if (!order.of_tier_2.empty()) {
    TierSet second;
    second.add(2);
    ItemFilter filter = order.filter;
    filter.policies = order.of_tier_2;
    tale.run(second, filter, root);
  }
  return tale.answer();
}

}  // namespace topobathy
