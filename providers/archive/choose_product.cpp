#include "providers/archive/choose_product.h"

#include <algorithm>

#include "fusion/error.h"
#include "fusion/policy/messages.h"

namespace topobathy {

std::string choose_product(const Step& step, const std::vector<std::string>& products) {
  const std::string product = step.product.value_or(products.front());
  if (std::find(products.begin(), products.end(), product) != products.end()) return product;
  throw Error(ErrorCode::kPolicy,
              "unknown product \"" + shown(product) + "\" of provider " + step.provider +
                  "; known: " + listed(products),
              step.place);
}

}  // namespace topobathy
