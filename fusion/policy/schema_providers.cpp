#include "fusion/policy/schema_providers.h"

#include <nlohmann/json.hpp>
#include <string>

#include "fusion/policy/options.h"
#include "fusion/policy/provider_table.h"

namespace topobathy {
namespace {

using Json = nlohmann::ordered_json;

/// Adds the provider's name and aliases.
void add_names(Json& names, const ProviderDeclaration& provider) {
  names.push_back(provider.name);
  for (const std::string& alias : provider.aliases)
    names.push_back(alias);
}

Json provider_in(const Json& names) {
  return {{"properties", {{"provider", {{"enum", names}}}}}};
}

Json provider_is(const ProviderDeclaration& provider) {
  Json names = Json::array();
  add_names(names, provider);
  return provider_in(names);
}

Json without_filter_key(const std::string& key) {
  return {{"properties", {{"filter", {{"properties", {{key, {{"type", "null"}}}}}}}}}};
}

Json product_rule(const ProviderDeclaration& provider) {
  Json products = provider.products;
  for (const auto& [old_name, product] : provider.old_products)
    products.push_back(old_name);
  products.push_back(nullptr);
  return {{"if", provider_is(provider)},
          {"then", {{"properties", {{"product", {{"enum", products}}}}}}}};
}

Json key_rule(const std::string& key) {
  Json users = Json::array();
  for (const ProviderDeclaration& provider : provider_table())
    for (const FilterUse& use : provider.filter_keys) {
      if (use.key != key) continue;
      add_names(users, provider);
      break;
    }
  return {{"if", provider_in(users)}, {"else", without_filter_key(key)}};
}

/// Of a key that works with some of the provider's products only; adds nothing for any other.
void add_key_of_products_rule(Json& rules, const ProviderDeclaration& provider,
                              const std::string& key) {
  Json without = Json::array();  // products
  for (const std::string& product : provider.products)
    if (!filter_key_applies(provider, product, key)) without.push_back(product);
  if (without.empty() || without.size() == provider.products.size()) return;
  const bool of_default = without.front() == provider.products.front();
  for (const auto& [old_name, product] : provider.old_products)
    if (!filter_key_applies(provider, product, key)) without.push_back(old_name);
  if (of_default) without.push_back(nullptr);
  Json condition = provider_is(provider);
  condition["properties"]["product"]["enum"] = std::move(without);
  if (!of_default) condition["required"] = {"product"};
  rules.push_back({{"if", std::move(condition)}, {"then", without_filter_key(key)}});
}

}  // namespace

nlohmann::ordered_json provider_rules() {
  Json rules = Json::array();
  for (const ProviderDeclaration& provider : provider_table())
    rules.push_back(product_rule(provider));
  for (const Option& option : filter_section().options) {
    if (filter_key_is_general(option.key)) continue;
    rules.push_back(key_rule(option.key));
    for (const ProviderDeclaration& provider : provider_table())
      add_key_of_products_rule(rules, provider, option.key);
  }
  return rules;
}

}  // namespace topobathy
