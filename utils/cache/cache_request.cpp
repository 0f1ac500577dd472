#include "utils/cache/cache_request.h"

#include <algorithm>
#include <ctime>
#include <sstream>

#include "fusion/error.h"
#include "fusion/policy/nearest.h"
#include "fusion/policy/provider_table.h"
#include "utils/cache/name_policy.h"
#include "utils/cache/parse_amount.h"

namespace topobathy {
namespace {

LonLatBox parse_bbox(const std::string& text) {
  std::istringstream words(text);
  LonLatBox box;
  char a = ',', b = ',', c = ',';
  words >> box.west >> a >> box.south >> b >> box.east >> c >> box.north;
  const bool read = !words.fail() && (words >> std::ws).eof() && a == ',' && b == ',' && c == ',';
  const auto inside = [](double v, double most) { return v >= -most && v <= most; };
  if (!read || !inside(box.west, 180) || !inside(box.east, 180) || !inside(box.south, 90) ||
      !inside(box.north, 90) || box.south >= box.north || box.west == box.east)
    throw Error(ErrorCode::kUsage,
                "--bbox " + text +
                    ": write west,south,east,north in degrees, south below north; west may be "
                    "beyond east across the antimeridian");
  return box;
}

std::string parse_provider(const std::string& text) {
  if (const auto name = canonical_provider(text)) return *name;
  const std::string nearest = nearest_name(text, provider_names_and_aliases());
  std::string names;
  for (const ProviderDeclaration& provider : provider_table())
    names += (names.empty() ? "" : ", ") + provider.name;
  throw Error(ErrorCode::kUsage,
              "--provider " + text + ": there is no such provider; " +
                  (nearest.empty() ? "providers are " + names : "did you mean " + nearest + "?"));
}

/// "1, 2 and 3"
std::string tier_list(const std::vector<int>& numbers) {
  std::string text;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    text += (i == 0 ? "" : i + 1 == numbers.size() ? " and " : ", ") + std::to_string(numbers[i]);
  return text;
}

std::vector<int> tiers_with_meaning(const ItemFilter& filter, const std::string& option) {
  std::vector<int> numbers;
  for (int number = 1; number <= kTierCount; ++number) {
    const auto without = filter.meaningless_for(number);
    if (std::find(without.begin(), without.end(), option) == without.end())
      numbers.push_back(number);
  }
  return numbers;
}

}  // namespace

ItemFilter make_filter(const FilterArguments& given, const std::string& root) {
  ItemFilter filter;
  if (!given.bbox.empty()) filter.bbox = parse_bbox(given.bbox);
  for (const std::string& policy : given.policies)
    for (const std::string& hash : name_policy(policy, root))
      filter.policies.insert(hash);
  if (!given.provider.empty()) filter.provider = parse_provider(given.provider);
  filter.level = given.level;
  filter.resolution = given.resolution;
  if (!given.older_than.empty()) {
    constexpr double kNanoseconds = 1e9;
    const double age = parse_age("--older-than", given.older_than);
    filter.unused_since =
        static_cast<std::int64_t>((static_cast<double>(std::time(nullptr)) - age) * kNanoseconds);
  }
  return filter;
}

TierSet parse_tiers(const std::string& option, const std::vector<std::string>& words) {
  TierSet tiers;
  for (const std::string& word : words) {
    if (word == "all")
      tiers = TierSet::all();
    else if (word.size() == 1 && word[0] >= '1' && word[0] < '1' + kTierCount)
      tiers.add(word[0] - '0');
    else
      throw Error(ErrorCode::kUsage, option + " " + word +
                                         ": is no tier; tiers are 1, 2, 3, 4, 5 and all (topobathy "
                                         "cache --info says what they hold)");
  }
  return tiers;
}

void require_filters_apply(const ItemFilter& filter, const TierSet& tiers) {
  for (const int number : tiers.numbers())
    for (const std::string& option : filter.meaningless_for(number)) {
      const auto valid = tiers_with_meaning(filter, option);
      throw Error(ErrorCode::kUsage, option + " means nothing for tier " + std::to_string(number) +
                                         " (" + tier(number).name + "); it narrows tier" +
                                         (valid.size() > 1 ? "s " : " ") + tier_list(valid));
    }
}

}  // namespace topobathy
