#pragma once

#include <string>
#include <vector>

#include "fusion/policy/policy.h"

namespace topobathy {

/// The step's `product`, the first of `products` where it states none.
/// \throws Error(kPolicy) one that is not among them, with the place of the step
std::string choose_product(const Step& step, const std::vector<std::string>& products);

}  // namespace topobathy
