#pragma once

#include <string>

#include "cache/bytes.h"

namespace topobathy {

/// XXH3 (128 bit) of a chunk's compressed bytes, in hexadecimal as the xxhash tools print it: finds
/// every torn or flipped chunk, at the speed of memory (SHA-256 took a third of a cell's reading).
/// No protection against a forger: whoever can write cells can write checksums.
std::string chunk_checksum(const Bytes& chunk);

}  // namespace topobathy
