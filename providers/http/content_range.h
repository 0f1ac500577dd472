#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "providers/http/http_client.h"

namespace topobathy {

/// "bytes 0-99/1234" of an answer.
struct ContentRange {
  ByteRange bytes;
  std::int64_t size = -1;  ///< of the whole, -1 = "*"
};

/// Nothing for what is no range of bytes, or contradicts itself.
std::optional<ContentRange> parse_content_range(const std::string& header);

}  // namespace topobathy
