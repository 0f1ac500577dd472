#include "cache/blosc_codec.h"

#include <blosc.h>

#include "fusion/error.h"

namespace topobathy {
namespace {

constexpr int kThreads = 1;  // parallelism is per cell, one level up
constexpr std::size_t kAutomaticBlock = 0;

}  // namespace

Bytes blosc_compress(const void* data, std::size_t size, std::size_t element_size) {
  Bytes chunk(blosc_bound(size));
  const int written =
      blosc_compress_ctx(kBloscLevel, BLOSC_SHUFFLE, element_size, size, data, chunk.data(),
                         chunk.size(), BLOSC_LZ4_COMPNAME, kAutomaticBlock, kThreads);
  if (written <= 0)
    throw Error(ErrorCode::kInternal, "Blosc cannot compress a chunk of " + std::to_string(size) +
                                          " bytes (status " + std::to_string(written) + ")");
  chunk.resize(static_cast<std::size_t>(written));
  return chunk;
}

bool blosc_decompress(const Bytes& chunk, void* data, std::size_t size) noexcept {
  std::size_t declared = 0;
  if (blosc_cbuffer_validate(chunk.data(), chunk.size(), &declared) != 0 || declared != size)
    return false;
  const int got = blosc_decompress_ctx(chunk.data(), data, size, kThreads);
  return got >= 0 && static_cast<std::size_t>(got) == size;
}

std::size_t blosc_bound(std::size_t size) noexcept {
  return size + BLOSC_MAX_OVERHEAD;
}

}  // namespace topobathy
