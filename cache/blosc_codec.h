#pragma once

#include <cstddef>

#include "cache/bytes.h"

/// Chunks compressed by Blosc (lz4 behind a byte shuffle) with its context interface: no global
/// state, any thread.
namespace topobathy {

constexpr int kBloscLevel = 5;

/// \throws Error(kInternal) when Blosc refuses
Bytes blosc_compress(const void* data, std::size_t size, std::size_t element_size);

/// False unless `chunk` is a sound Blosc buffer of exactly `size` bytes; nothing is allocated on a
/// chunk's own word.
bool blosc_decompress(const Bytes& chunk, void* data, std::size_t size) noexcept;

/// The most bytes blosc_compress makes of `size`.
std::size_t blosc_bound(std::size_t size) noexcept;

}  // namespace topobathy
