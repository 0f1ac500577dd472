#include "cache/chunk_checksum.h"

#include <xxhash.h>

namespace topobathy {

std::string chunk_checksum(const Bytes& chunk) {
  XXH128_canonical_t digest;
  XXH128_canonicalFromHash(&digest, XXH3_128bits(chunk.data(), chunk.size()));
  static const char* const kDigits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : digest.digest) {
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 15]);
  }
  return text;
}

}  // namespace topobathy
