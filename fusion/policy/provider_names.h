#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace topobathy {

/// A provider that a policy may name. The names are known here, without the providers, so that a
/// policy is checked alike everywhere.
struct ProviderName {
  std::string name;  ///< canonical
  std::vector<std::string> aliases;
  std::string title;  ///< what it delivers, for people
};

inline constexpr std::string_view kRasterProvider = "raster";

const std::vector<ProviderName>& provider_names();
/// The canonical name of a name or alias.
std::optional<std::string> canonical_provider(std::string_view name_or_alias);
/// Every name and alias, in the order of provider_names().
std::vector<std::string> provider_names_and_aliases();
/// Whether a filter key (as spelt in the policy) does anything with this provider: files of
/// `raster` have no project and no year.
bool filter_key_applies(std::string_view canonical_provider, std::string_view key);

}  // namespace topobathy
