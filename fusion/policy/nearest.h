#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace topobathy {

/// The name a user probably meant: fewest edits (insert, delete, replace, swap of neighbours; case
/// is free), the first of equals. Empty when even the best is too far off to be a slip.
std::string nearest_name(std::string_view word, const std::vector<std::string>& names);

}  // namespace topobathy
