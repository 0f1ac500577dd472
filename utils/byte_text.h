#pragma once

#include <cstdint>
#include <string>

namespace topobathy {

/// A size as people read it: "512 B", "1.4 KiB", "12.3 MiB"; "?" for a negative one, which is not
/// known.
std::string byte_text(std::int64_t bytes);

}  // namespace topobathy
