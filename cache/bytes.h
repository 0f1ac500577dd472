#pragma once

#include <vector>

namespace topobathy {

/// A file's content.
using Bytes = std::vector<unsigned char>;

}  // namespace topobathy
