#include "providers/raster/tiff_codec.h"

#include <mutex>
#include <new>

#include <libdeflate.h>
#include <zstd.h>

#include "providers/raster/tuning.h"

namespace topobathy {
namespace {

/// Buffers only grow: clearing them for each block would cost what reading it does.
std::uint8_t* room(std::vector<std::uint8_t>& buffer, std::size_t bytes) {
  if (buffer.size() < bytes) buffer.resize(bytes);
  return buffer.data();
}

struct IdleScratch {
  std::mutex mutex;
  std::vector<std::unique_ptr<DecodeScratch>> idle;
};

/// Never destroyed, and no thread-local state: a library that has any cannot be unloaded.
IdleScratch& idle_scratch() {
  static IdleScratch& scratch = *new IdleScratch;
  return scratch;
}

std::unique_ptr<DecodeScratch> take_scratch() {
  IdleScratch& pool = idle_scratch();
  {
    const std::lock_guard<std::mutex> lock(pool.mutex);
    if (!pool.idle.empty()) {
      std::unique_ptr<DecodeScratch> scratch = std::move(pool.idle.back());
      pool.idle.pop_back();
      return scratch;
    }
  }
  return std::make_unique<DecodeScratch>();
}

}  // namespace

DecodeScratch::DecodeScratch() = default;
DecodeScratch::~DecodeScratch() = default;

void DecodeScratch::FreeDeflate::operator()(libdeflate_decompressor* decompressor) const noexcept {
  libdeflate_free_decompressor(decompressor);
}
void DecodeScratch::FreeZstd::operator()(ZSTD_DCtx_s* context) const noexcept {
  ZSTD_freeDCtx(context);
}

std::uint8_t* DecodeScratch::compressed(std::size_t bytes) {
  return room(compressed_, bytes);
}
std::uint8_t* DecodeScratch::sums(std::size_t bytes) {
  return room(sums_, bytes);
}
std::uint8_t* DecodeScratch::values(std::size_t bytes) {
  return room(values_, bytes);
}

std::optional<std::size_t> DecodeScratch::inflate(std::size_t bytes, std::size_t limit) {
  if (!deflate_) deflate_.reset(libdeflate_alloc_decompressor());
  if (!deflate_) throw std::bad_alloc();
  std::size_t got = 0;
  const libdeflate_result result = libdeflate_zlib_decompress(
      deflate_.get(), compressed_.data(), bytes, room(decoded_, limit), limit, &got);
  return result == LIBDEFLATE_SUCCESS ? std::optional<std::size_t>(got) : std::nullopt;
}

std::optional<std::size_t> DecodeScratch::unzstd(std::size_t bytes, std::size_t limit) {
  if (!zstd_) zstd_.reset(ZSTD_createDCtx());
  if (!zstd_) throw std::bad_alloc();
  const std::size_t got =
      ZSTD_decompressDCtx(zstd_.get(), room(decoded_, limit), limit, compressed_.data(), bytes);
  return ZSTD_isError(got) == 0 ? std::optional<std::size_t>(got) : std::nullopt;
}

std::optional<DecodeScratch::Decoded> DecodeScratch::decode(TiffCompression compression,
                                                            std::size_t bytes, std::size_t limit) {
  if (compression == TiffCompression::kNone) {
    if (bytes > limit) return std::nullopt;
    return Decoded{compressed_.data(), bytes};
  }
  const std::optional<std::size_t> got =
      compression == TiffCompression::kDeflate ? inflate(bytes, limit) : unzstd(bytes, limit);
  if (!got) return std::nullopt;
  return Decoded{decoded_.data(), *got};
}

std::size_t DecodeScratch::kept_bytes() const noexcept {
  return compressed_.capacity() + decoded_.capacity() + sums_.capacity() + values_.capacity();
}

ScratchLoan::ScratchLoan() : scratch_(take_scratch()) {}

ScratchLoan::~ScratchLoan() {
  if (scratch_->kept_bytes() > tuning::kKeptScratchBytes) return;
  try {
    IdleScratch& pool = idle_scratch();
    const std::lock_guard<std::mutex> lock(pool.mutex);
    pool.idle.push_back(std::move(scratch_));
  } catch (const std::bad_alloc&) {
    // Freed instead of kept.
  }
}

void drop_scratch() noexcept {
  IdleScratch& pool = idle_scratch();
  const std::lock_guard<std::mutex> lock(pool.mutex);
  pool.idle.clear();
}

}  // namespace topobathy
