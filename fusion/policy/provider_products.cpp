#include "fusion/policy/provider_products.h"

#include <algorithm>
#include <map>

#include "fusion/policy/nearest.h"

namespace topobathy {
namespace {

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

const std::vector<std::string>& products(std::string_view canonical_provider) {
  static const std::vector<std::string> kNone;
  static const std::map<std::string, std::vector<std::string>, std::less<>> kProducts{
      {"usgs_3dep", {"10m", "30m", "60m", "1m", "stac_10m", "stac_30m"}},
      {"copernicus_dsm", {"glo30", "glo90", "stac"}},
      {"nasadem", {"stac", "vrt"}},
      {"usgs_lidar", {"copc", "copc_file", "ept"}},
  };
  const auto found = kProducts.find(canonical_provider);
  return found == kProducts.end() ? kNone : found->second;
}

std::string product_refusal(std::string_view canonical_provider, std::string_view product) {
  const std::vector<std::string>& known = products(canonical_provider);
  if (std::find(known.begin(), known.end(), product) != known.end()) return "";
  const std::string provider(canonical_provider);
  if (known.empty())
    return "provider '" + provider + "' has no products to choose from: leave product out";
  std::string text =
      "unknown product \"" + std::string(product) + "\" of provider '" + provider + "'";
  const std::string near = nearest_name(product, known);
  if (!near.empty()) text += "; did you mean \"" + near + "\"?";
  return text + " (products: " + listed(known) + ")";
}

}  // namespace topobathy
