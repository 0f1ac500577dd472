#include <cstdio>
#include <iostream>

#include "cache/manage/purge.h"
#include "fusion/error.h"
#include "utils/cache/cache_text.h"
#include "utils/cache/cache_verbs.h"
#include "utils/cache/name_policy.h"
#include "utils/cache/terminal.h"
#include "utils/exit_status.h"
#include "utils/json_values.h"

namespace topobathy {
namespace {

using nlohmann::ordered_json;

PurgeRequest purge_request(const CacheRequest& request, const TierSet& tiers,
                           const ItemFilter& filter) {
  PurgeRequest wanted;
  wanted.root = request.root;
  wanted.tiers = tiers;
  wanted.filter = filter;
  wanted.place = proj_places();
  wanted.dry_run = request.dry_run;
  wanted.threads = request.threads;
  return wanted;
}

/// "tier 2, fused cells"
std::string title(int number) {
  return "tier " + std::to_string(number) + ", " + tier(number).name;
}

/// What is about to go, by tier.
void print_plan(std::ostream& out, const PurgeResult& plan, const TierSet& tiers) {
  for (const int number : tiers.numbers()) {
    const Removed& sum = plan.tiers[static_cast<std::size_t>(number - 1)];
    out << title(number) << ": " << count_text(sum.items, "item") << ", " << size_text(sum.bytes)
        << '\n';
  }
}

/// \returns whether the user says so. A dear tier wants the word typed.
bool is_confirmed(const TierSet& tiers, const PurgeResult& plan) {
  bool dear = false;
  for (const int number : tiers.numbers())
    dear |= tier(number).dear && plan.tiers[static_cast<std::size_t>(number - 1)].items > 0;
  const auto answer =
      ask(dear ? "! tier 5 is downloaded again for hours. Type yes to purge: " : "Purge? [y/N] ");
  if (!answer) return false;
  return *answer == "yes" || (!dear && *answer == "y");
}

void print_done(std::ostream& out, const PurgeResult& result, const TierSet& tiers,
                const CacheRequest& request) {
  const char* const verb = request.dry_run ? "would remove " : "removed ";
  for (const int number : tiers.numbers()) {
    const auto at = static_cast<std::size_t>(number - 1);
    const Removed& sum = result.tiers[at];
    out << title(number) << ": " << verb << count_text(sum.items, "item") << ", "
        << size_text(sum.bytes) << '\n';
    for (const auto& [name, group] : result.groups[at]) {
      const std::string policy = number == 2 ? policy_title(name, request.root) : "";
      out << "  " << name << (policy.empty() ? "" : " ") << policy << ": "
          << count_text(group.items, "item") << ", " << size_text(group.bytes) << '\n';
    }
  }
}

ordered_json result_json(const PurgeResult& result, const TierSet& tiers,
                         const CacheRequest& request) {
  ordered_json json{{"format", kJsonFormat}, {"root", request.root}, {"dry_run", request.dry_run}};
  json["tiers"] = ordered_json::array();
  for (const int number : tiers.numbers()) {
    const auto at = static_cast<std::size_t>(number - 1);
    ordered_json row{
        {"tier", number}, {"items", result.tiers[at].items}, {"bytes", result.tiers[at].bytes}};
    row["groups"] = ordered_json::object();
    for (const auto& [name, sum] : result.groups[at])
      row["groups"][name] = {{"items", sum.items}, {"bytes", sum.bytes}};
    json["tiers"].push_back(row);
  }
  json["unknown"] = result.unknown;
  json["failed"] = result.failed;
  json["failures"] = ordered_json::array();
  for (const PurgeFailure& failure : result.failures)
    json["failures"].push_back({{"path", failure.path}, {"message", failure.why}});
  return json;
}

/// At once: a million paths are not gathered first. What fails is told with the rest of the answer.
void print_path(std::string_view path, std::uint64_t /*bytes*/) {
  std::fwrite(path.data(), 1, path.size(), stdout);
  std::fputc('\n', stdout);
}

int tell_trouble(const PurgeResult& result, const std::string& root) {
  for (const PurgeFailure& failure : result.failures)
    std::cerr << "topobathy: cannot remove " << root << '/' << failure.path << ": " << failure.why
              << '\n';
  if (result.unknown > 0)
    std::cerr << "topobathy: " << count_text(result.unknown, "item")
              << " left alone: what the options ask for cannot be told of them\n";
  const bool unread = tell_unread(result.walk, root);
  return result.failed > 0 || unread ? kExitFailure : kExitOk;
}

}  // namespace

int run_purge(const CacheRequest& request, const TierSet& tiers, const ItemFilter& filter,
              std::ostream& out) {
  require_filters_apply(filter, tiers);
  PurgeRequest wanted = purge_request(request, tiers, filter);
  if (!request.yes && !request.dry_run) {
    if (!can_ask())
      throw Error(ErrorCode::kUsage,
                  "--purge asks before it deletes, and there is no terminal to ask on; give --yes, "
                  "or --dry-run to see what would go (nothing was deleted)");
    wanted.dry_run = true;
    const PurgeResult plan = purge_cache(wanted);
    print_plan(std::cerr, plan, tiers);
    if (plan.all().items == 0) {
      out << "nothing to purge\n";
      return tell_trouble(plan, request.root);
    }
    if (!is_confirmed(tiers, plan)) {
      std::cerr << "aborted: nothing was deleted\n";
      return kExitFailure;
    }
    wanted.dry_run = false;
  }
  if (request.dry_run && !request.json) wanted.each = print_path;
  const PurgeResult result = purge_cache(wanted);
  if (request.json)
    out << json_text(result_json(result, tiers, request)) << '\n';
  else
    print_done(out, result, tiers, request);
  return tell_trouble(result, request.root);
}

}  // namespace topobathy
