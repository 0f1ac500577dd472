#pragma once

#include <string>

namespace topobathy {

/// A message for a client: of every absolute path in it only the last part remains.
std::string path_free(const std::string& message);

}  // namespace topobathy
