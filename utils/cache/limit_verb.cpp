#include <iostream>

#include "cache/manage/limit.h"
#include "utils/cache/cache_text.h"
#include "utils/cache/cache_verbs.h"
#include "utils/exit_status.h"
#include "utils/json_values.h"

namespace topobathy {
namespace {

using nlohmann::ordered_json;

std::uint64_t items_of(const LimitResult& result) {
  std::uint64_t items = 0;
  for (const Removed& sum : result.tiers)
    items += sum.items;
  return items;
}

ordered_json result_json(const LimitResult& result, const CacheRequest& request,
                         std::uint64_t limit) {
  ordered_json json{{"format", kJsonFormat},         {"root", request.root},
                    {"dry_run", request.dry_run},    {"limit", limit},
                    {"before", result.before},       {"after", result.after},
                    {"within", result.within(limit)}};
  json["tiers"] = ordered_json::array();
  for (const Tier& tier : tiers()) {
    const Removed& sum = result.tiers[static_cast<std::size_t>(tier.number - 1)];
    if (sum.items > 0)
      json["tiers"].push_back({{"tier", tier.number}, {"items", sum.items}, {"bytes", sum.bytes}});
  }
  json["failed"] = result.failed;
  return json;
}

/// One line, for the mail that cron sends.
void print_line(std::ostream& out, const LimitResult& result, const CacheRequest& request,
                std::uint64_t limit) {
  if (items_of(result) == 0) return;
  out << request.root << ": " << (request.dry_run ? "would remove" : "removed");
  const char* before = " ";
  for (const Tier& tier : tiers()) {
    const Removed& sum = result.tiers[static_cast<std::size_t>(tier.number - 1)];
    if (sum.items == 0) continue;
    out << before << count_text(sum.items, "item") << " of tier " << tier.number << " ("
        << size_text(sum.bytes) << ")";
    before = ", ";
  }
  out << "; " << size_text(result.after) << " of at most " << size_text(limit) << '\n';
}

std::string tiers_text(const TierSet& tiers) {
  std::string text;
  for (const int number : tiers.numbers())
    text += (text.empty() ? "" : ",") + std::to_string(number);
  return text;
}

int tell_trouble(const LimitResult& result, const CacheRequest& request, const TierSet& tiers,
                 std::uint64_t limit) {
  for (const PurgeFailure& failure : result.failures)
    std::cerr << "topobathy: cannot remove " << request.root << '/' << failure.path << ": "
              << failure.why << '\n';
  if (result.fixed > limit)
    std::cerr << "topobathy: " << request.root << " cannot be kept to " << size_text(limit)
              << ": what is not of tier " << tiers_text(tiers) << " takes "
              << size_text(result.fixed)
              << "; raise --limit, or name more tiers with --tiers (nothing was deleted)\n";
  else if (!result.within(limit))
    std::cerr << "topobathy: " << request.root << " still has " << size_text(result.after)
              << ", more than " << size_text(limit) << "\n";
  return result.failed > 0 || !result.within(limit) ? kExitFailure : kExitOk;
}

}  // namespace

int run_limit(const CacheRequest& request, const TierSet& tiers, std::uint64_t bytes,
              std::ostream& out) {
  LimitRequest wanted;
  wanted.root = request.root;
  wanted.bytes = bytes;
  wanted.tiers = tiers;
  wanted.dry_run = request.dry_run;
  wanted.threads = request.threads;
  const LimitResult result = limit_cache(wanted);
  if (request.json)
    out << json_text(result_json(result, request, bytes)) << '\n';
  else
    print_line(out, result, request, bytes);
  return tell_trouble(result, request, tiers, bytes);
}

}  // namespace topobathy
