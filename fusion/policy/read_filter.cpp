#include "fusion/policy/read_filter.h"

#include <algorithm>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "fusion/policy/messages.h"
#include "fusion/policy/name_pattern.h"
#include "fusion/policy/provider_table.h"
#include "fusion/policy/scalar.h"

namespace topobathy {
namespace {

constexpr std::size_t kMaxPatternBytes =
    256;  ///< keeps std::regex, which recurses, on a small stack

void check_pattern(const std::string& pattern, const Place& place) {
  if (pattern.size() > kMaxPatternBytes) {
    fail(place, Message::kTextTooLong,
         {std::to_string(pattern.size()), std::to_string(kMaxPatternBytes)});
  }
  try {
    const NamePattern check(pattern);
  } catch (const std::runtime_error& error) {
    fail(place, Message::kBadPattern, {shown(pattern), error.what()});
  }
}

std::vector<std::string> read_patterns(const MapReader& map, const char* key) {
  std::vector<std::string> patterns = map.texts(key);
  const TextNode* node = map.find(key);
  const bool is_list = node != nullptr && node->kind == TextNode::Kind::kList;
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    check_pattern(patterns[i], is_list ? node->items[i].place() : node->place());
  }
  return patterns;
}

bool applies(const Step* step, std::string_view key) {
  return step == nullptr ||
         filter_key_applies(provider_declaration(step->provider), step->product.value_or(""), key);
}

/// Takes a default only where the key has a meaning for the step.
Filter inherited(Filter filter, const Step* step) {
  const auto check = [&](const char* key, auto& member) {
    if (!applies(step, key)) member = {};
  };
  check("include_patterns", filter.include_patterns);
  check("exclude_patterns", filter.exclude_patterns);
  check("min_year", filter.min_year);
  check("max_resolution", filter.max_resolution);
  check("project_id", filter.project_ids);
  check("project_type", filter.project_type);
  return filter;
}

[[noreturn]] void fail_without_meaning(const TextEntry& entry, const Step& step) {
  const ProviderDeclaration& provider = provider_declaration(step.provider);
  const auto& uses = provider.filter_keys;
  const std::string users = listed(filter_key_users(entry.key));
  const bool in_other_product = std::any_of(
      uses.begin(), uses.end(), [&](const FilterUse& use) { return use.key == entry.key; });
  if (in_other_product) {
    fail(entry.mark.place(), Message::kKeyNotOfProduct,
         {entry.key, step.product.value_or(""), provider.name, users});
  }
  fail(entry.mark.place(), Message::kKeyNotOfProvider, {entry.key, provider.name, users});
}

void refuse_keys_without_meaning(const TextNode& node, const Step* step) {
  for (const TextEntry& entry : node.entries) {
    const bool is_set = entry.value.kind != TextNode::Kind::kNull;
    if (is_set && !applies(step, entry.key)) fail_without_meaning(entry, *step);
  }
}

void check_limits(const Filter& filter, const Place& place) {
  if (!filter.min_elevation || !filter.max_elevation) return;
  if (*filter.min_elevation <= *filter.max_elevation) return;
  fail(place, Message::kMinAboveMax,
       {"min_elevation", shown(*filter.min_elevation), "max_elevation",
        shown(*filter.max_elevation)});
}

}  // namespace

Filter read_filter(const MapReader& owner, const Filter& defaults, const Step* step) {
  if (!owner.is_written("filter")) {
    Filter filter = inherited(defaults, step);
    check_limits(filter, owner.place());
    return filter;
  }
  const TextNode* node = owner.find("filter");
  if (node == nullptr) return {};
  const MapReader map(*node, filter_section());
  refuse_keys_without_meaning(*node, step);
  Filter filter = inherited(defaults, step);
  const auto take = [&](const char* key, auto& member, auto value) {
    if (map.is_written(key)) member = std::move(value);
  };
  take("min_elevation", filter.min_elevation, map.number("min_elevation"));
  take("max_elevation", filter.max_elevation, map.number("max_elevation"));
  take("max_deviation", filter.max_deviation, map.number("max_deviation"));
  take("max_depth_change", filter.max_depth_change, map.number("max_depth_change"));
  take("max_interpolation_gap_m", filter.max_interpolation_gap,
       map.number("max_interpolation_gap_m"));
  take("include_patterns", filter.include_patterns, read_patterns(map, "include_patterns"));
  take("exclude_patterns", filter.exclude_patterns, read_patterns(map, "exclude_patterns"));
  take("min_year", filter.min_year, map.integer("min_year"));
  take("max_resolution", filter.max_resolution, map.number("max_resolution"));
  take("project_id", filter.project_ids, map.texts("project_id"));
  take("project_type", filter.project_type, map.choice_of<ProjectType>("project_type"));
  check_limits(filter, node->place());
  return filter;
}

}  // namespace topobathy
