#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace topobathy {

struct Step;

/// A filter key that does something with a provider.
struct FilterUse {
  std::string key;                         ///< as spelt in the policy
  std::string on;                          ///< what it acts on, for people
  std::vector<std::string> products = {};  ///< that it works with; empty = all
};

/// A provider that a policy may name, with all that a step may ask of it. Known here, without the
/// providers, so that a policy is checked alike everywhere.
struct ProviderDeclaration {
  std::string name;  ///< canonical
  std::vector<std::string> aliases;
  std::string title;                       ///< what it delivers, for people
  std::vector<std::string> products = {};  ///< the default first; empty = none to choose from
  /// Besides those that work with every provider; may name a key once for each set of products.
  std::vector<FilterUse> filter_keys = {};
  /// How policies of the Python system, which took any text, call a product; "" = a provider that
  /// has none to choose from.
  std::map<std::string, std::string> old_products = {};
};

inline constexpr std::string_view kRasterProvider = "raster";

/// All, `raster` first.
const std::vector<ProviderDeclaration>& provider_table();
/// \throws Error(kInternal): no such canonical name
const ProviderDeclaration& provider_declaration(std::string_view canonical_name);
/// The canonical name of a name or alias.
std::optional<std::string> canonical_provider(std::string_view name_or_alias);
/// Every name and alias, in the order of the table.
std::vector<std::string> provider_names_and_aliases();

/// The product of a step: the one it states, the provider's default where it states none; "" where
/// there is none to choose from. \throws Error(kInternal): one that the loader would have refused
std::string product_of(const Step& step);

/// Whether a filter key works with every provider (the pixels' values decide).
bool filter_key_is_general(std::string_view key);
/// Whether it does anything with this product of the provider ("" where there is none to choose
/// from).
bool filter_key_applies(const ProviderDeclaration& provider, std::string_view product,
                        std::string_view key);
/// The providers that a key works with: "usgs_lidar", "usgs_3dep (1m)", in the order of the table.
std::vector<std::string> filter_key_users(std::string_view key);

}  // namespace topobathy
