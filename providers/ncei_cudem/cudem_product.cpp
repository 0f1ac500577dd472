#include "providers/ncei_cudem/cudem_product.h"

#include "fusion/error.h"
#include "fusion/policy/provider_table.h"

namespace topobathy {
namespace {

constexpr double kMetresPerSecond = 111320.0 / 3600.0;

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
  const std::string name = product_of(step);
  for (const CudemProduct& product : cudem_products())
    if (name == product.name) return product;
  throw Error(ErrorCode::kInternal, "no set of CUDEM tiles for product '" + name + "'");
}

}  // namespace topobathy
