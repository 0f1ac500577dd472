#include "providers/ncei_cudem/cudem_product.h"

#include <algorithm>

#include "fusion/error.h"
#include "fusion/policy/nearest.h"

namespace topobathy {
namespace {

constexpr double kMetresPerSecond = 111320.0 / 3600.0;

std::string all_names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

const std::vector<CudemProduct>& cudem_products() {
  static const std::vector<CudemProduct> kProducts = {
      {"ninth", "NCEI_ninth_Topobathy_2014_8483", "urllist8483.txt",
       "tileindex_NCEI_ninth_Topobathy_2014.zip", kMetresPerSecond / 9.0, true},
      {"third", "NCEI_third_Topobathy_2014_8580", "urllist8580.txt",
       "tileindex_NCEI_third_Topobathy_2014.zip", kMetresPerSecond / 3.0, true},
      {"hawaii_ninth", "NCEI_ninth_Topobathy_Hawaii_9428", "urllist9428.txt",
       "tileindex_NCEI_ninth_Topobathy_Hawaii.zip", kMetresPerSecond / 9.0, false},
      {"puertorico_third", "NCEI_third_Topobathy_PuertoRico_9524", "urllist9524.txt",
       "tileindex_NCEI_third_Topobathy_PuertoRico.zip", kMetresPerSecond / 3.0, false},
  };
  return kProducts;
}

const CudemProduct& cudem_product(const Step& step) {
  const std::vector<CudemProduct>& products = cudem_products();
  if (!step.product) return products.front();
  const auto found = std::find_if(products.begin(), products.end(), [&](const CudemProduct& known) {
    return *step.product == known.name;
  });
  if (found != products.end()) return *found;
  std::vector<std::string> names;
  for (const CudemProduct& known : products)
    names.emplace_back(known.name);
  const std::string nearest = nearest_name(*step.product, names);
  throw Error(
      ErrorCode::kPolicy,
      "ncei_cudem has no product '" + *step.product + "'; " +
          (nearest.empty() ? "there are: " + all_names(names) : "did you mean " + nearest + "?"),
      step.place);
}

}  // namespace topobathy
