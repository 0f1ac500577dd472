#include "utils/serve/cache/purge_order.h"

#include <ctime>
#include <vector>

#include "cache/policy_copy.h"
#include "fusion/error.h"
#include "fusion/policy/nearest.h"
#include "fusion/policy/provider_table.h"
#include "utils/cache/cache_request.h"
#include "utils/cache/parse_amount.h"
#include "utils/hydrate/hydration_area.h"
#include "utils/serve/body/body_members.h"
#include "utils/serve/http_error.h"

namespace topobathy {
namespace {

constexpr int kBadPurge = 400, kWrongMember = 422;
constexpr std::size_t kPolicyDigits = 8;
constexpr int kCoarsestPurged = 60;
constexpr char kTypedWord[] = "PURGE";

bool is_hex(const std::string& text, std::size_t least, std::size_t most) {
  return text.size() >= least && text.size() <= most &&
         text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

TierSet ordered_tiers(BodyMembers& body) {
  const auto numbers = body.integers("tiers");
  if (!numbers || numbers->empty())
    throw HttpError(kBadPurge, "'tiers' is to be a list of one or more of 1, 2, 3, 4 and 5");
  TierSet tiers;
  for (const std::int64_t number : *numbers) {
    if (number < 1 || number > kTierCount)
      throw HttpError(kBadPurge, std::to_string(number) + " is no tier: they are 1, 2, 3, 4 and 5");
    tiers.add(static_cast<int>(number));
  }
  return tiers;
}

/// By hash, or by a name that the cache knows: never by a file.
std::set<std::string> policies_named(const std::string& given, const std::string& root) {
  if (is_hex(given, kPolicyDigits, 64)) return {given.substr(0, kPolicyDigits)};
  std::set<std::string> found;
  std::vector<std::string> names;
  for (const PolicyCopy& copy : policy_copies(root)) {
    names.push_back(copy.name);
    if (copy.name == given) found.insert(copy.policy8);
  }
  if (!found.empty()) return found;
  const std::string nearest = nearest_name(given, names);
  throw HttpError(kWrongMember,
                  "'policy' is to be 8 digits or more of a hash, or a name that the "
                  "cache knows" +
                      (nearest.empty() ? "" : ": did you mean '" + nearest + "'?"));
}

std::string provider_named(const std::string& given) {
  if (const auto name = canonical_provider(given)) return *name;
  const std::string nearest = nearest_name(given, provider_names_and_aliases());
  throw HttpError(kWrongMember, "'provider' is no provider that this server knows" +
                                    (nearest.empty() ? "" : ": did you mean '" + nearest + "'?"));
}

std::int64_t unused_since(const std::string& age) {
  constexpr double kNanosecondsOfASecond = 1e9;
  const double seconds = parse_age("older_than", age);
  return static_cast<std::int64_t>((static_cast<double>(std::time(nullptr)) - seconds) *
                                   kNanosecondsOfASecond);
}

ItemFilter ordered_filter(BodyMembers& body, const std::string& root) {
  ItemFilter filter;
  if (const auto box = body.numbers("bbox")) filter.bbox = HydrationArea::of_box(*box).bounds;
  for (const std::string& policy : body.texts("policy").value_or(std::vector<std::string>()))
    filter.policies.merge(policies_named(policy, root));
  if (const auto provider = body.text("provider")) filter.provider = provider_named(*provider);
  if (const auto level = body.integer("level", 0, kCoarsestPurged))
    filter.level = static_cast<int>(*level);
  filter.resolution = body.number("resolution", 1e-6, 1e7);
  if (const auto age = body.text("older_than")) filter.unused_since = unused_since(*age);
  return filter;
}

std::set<std::string> ordered_hashes(BodyMembers& body, const TierSet& tiers) {
  const auto hashes = body.texts("tier_2_hashes");
  if (!hashes) return {};
  if (hashes->empty())
    throw HttpError(kWrongMember, "'tier_2_hashes' is empty: leave it out for all policies");
  if (!tiers.has(2))
    throw HttpError(kWrongMember, "'tier_2_hashes' narrows tier 2, which is not in 'tiers'");
  for (const std::string& hash : *hashes)
    if (!is_hex(hash, kPolicyDigits, kPolicyDigits))
      throw HttpError(kWrongMember, "'tier_2_hashes' is to be a list of policies by 8 digits each");
  return {hashes->begin(), hashes->end()};
}

void require_meaning(const PurgeOrder& order) {
  try {
    require_filters_apply(order.filter, order.tiers);
  } catch (const Error& error) {
    const std::string& message = error.message();  // "--policy means nothing for tier 1 ..."
    throw HttpError(kBadPurge, message.rfind("--", 0) == 0 ? message.substr(2) : message);
  }
}

/// Tier 5 is downloaded again for hours: purged only when asked for twice.
void require_consent(BodyMembers& body, const PurgeOrder& order) {
  const bool yes = body.flag("yes").value_or(false);
  const auto typed = body.text("confirm");
  if (typed && *typed != kTypedWord)
    throw HttpError(kBadPurge, std::string("'confirm' is to be the word ") + kTypedWord);
  if (!order.dry_run && order.tiers.has(kTierCount) && !yes)
    throw HttpError(kBadPurge,
                    "tier 5 is downloaded again for hours: it is purged with \"yes\": true only "
                    "(nothing was deleted)");
}

}  // namespace

PurgeOrder read_purge_order(const std::string& text, const std::string& root) {
  BodyMembers body(text);
  PurgeOrder order;
  order.tiers = ordered_tiers(body);
  try {
    order.filter = ordered_filter(body, root);
  } catch (const Error& error) {
    throw HttpError(kWrongMember, error.message());
  }
  order.of_tier_2 = ordered_hashes(body, order.tiers);
  order.dry_run = body.flag("dry_run").value_or(true);
  require_consent(body, order);
  body.require_no_more();
  require_meaning(order);
  return order;
}

bool is_dry_run(const std::string& text) noexcept {
  try {
    return BodyMembers(text).flag("dry_run").value_or(true);
  } catch (const std::exception&) {
    return false;
  }
}

nlohmann::json purge_order_schema() {
  using nlohmann::json;
  const auto of = [](const char* type) { return json{{"type", type}}; };
  json properties;
  properties["tiers"] = {{"type", "array"},
                         {"minItems", 1},
                         {"items", {{"type", "integer"}, {"minimum", 1}, {"maximum", kTierCount}}}};
  properties["tier_2_hashes"] = {{"type", "array"},
                                 {"items", {{"type", "string"}, {"pattern", "^[0-9a-f]{8}$"}}}};
  properties["dry_run"] = {{"type", "boolean"}, {"default", true}};
  properties["yes"] = {{"type", "boolean"}, {"description", "wanted for tier 5"}};
  properties["confirm"] = {{"type", "string"}, {"enum", {kTypedWord}}};
  properties["bbox"] = {
      {"type", "array"}, {"items", of("number")}, {"minItems", 4}, {"maxItems", 4}};
  properties["policy"] = {{"oneOf", {of("string"), {{"type", "array"}, {"items", of("string")}}}}};
  properties["provider"] = of("string");
  properties["level"] = {{"type", "integer"}, {"minimum", 0}};
  properties["resolution"] = {{"type", "number"}, {"description", "metres"}};
  properties["older_than"] = {{"type", "string"}, {"description", "such as 30d"}};
  return {{"type", "object"}, {"required", {"tiers"}}, {"properties", properties}};
}

}  // namespace topobathy
