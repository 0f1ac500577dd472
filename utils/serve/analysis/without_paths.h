#pragma once

#include <string>

namespace topobathy {

/// A message for a stranger: of every path in it only the last name stays ("/srv/data/a.tif" is
/// "a.tif"); addresses of the network stay.
std::string without_paths(const std::string& message);

}  // namespace topobathy
