#pragma once

#include <cstddef>
#include <string>

namespace topobathy {

/// Lowercase hexadecimal SHA-256 (OpenSSL).
std::string sha256_hex(const void* data, std::size_t size);
inline std::string sha256_hex(const std::string& text) {
  return sha256_hex(text.data(), text.size());
}

}  // namespace topobathy
