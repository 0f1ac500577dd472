#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace topobathy {

/// The products of a provider that a step may name, the default first; empty for a provider that
/// has none to choose from.
const std::vector<std::string>& products(std::string_view canonical_provider);

/// Why a product is refused ("" = it is not): what it may be, and what was probably meant.
std::string product_refusal(std::string_view canonical_provider, std::string_view product);

}  // namespace topobathy
