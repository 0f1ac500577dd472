#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

struct libdeflate_decompressor;
struct ZSTD_DCtx_s;

namespace topobathy {

/// The compressions of TIFF blocks that a library decodes by the block. LZW is left to GDAL: no
/// library offers TIFF's variant alone.
enum class TiffCompression { kNone, kDeflate, kZstd };

/// Decoder state and buffers of one decode at a time, reused for the next.
class DecodeScratch {
 public:
  DecodeScratch();
  ~DecodeScratch();
  DecodeScratch(const DecodeScratch&) = delete;
  DecodeScratch& operator=(const DecodeScratch&) = delete;

  /// Room for the compressed bytes of a block.
  std::uint8_t* compressed(std::size_t bytes);
  /// Room for one row of one sample: its summed byte planes and its values.
  std::uint8_t* sums(std::size_t bytes);
  std::uint8_t* values(std::size_t bytes);

  /// A decoded block, valid until the next call.
  struct Decoded {
    std::uint8_t* data;
    std::size_t bytes;
  };
  /// Decodes the first `bytes` of compressed() into at most `limit` bytes. Nothing if they are
  /// damaged or hold more.
  std::optional<Decoded> decode(TiffCompression compression, std::size_t bytes, std::size_t limit);

  std::size_t kept_bytes() const noexcept;

 private:
  struct FreeDeflate {
    void operator()(libdeflate_decompressor* decompressor) const noexcept;
  };
  struct FreeZstd {
    void operator()(ZSTD_DCtx_s* context) const noexcept;
  };

  std::optional<std::size_t> inflate(std::size_t bytes, std::size_t limit);
  std::optional<std::size_t> unzstd(std::size_t bytes, std::size_t limit);

  std::vector<std::uint8_t> compressed_;
  std::vector<std::uint8_t> decoded_;
  std::vector<std::uint8_t> sums_;
  std::vector<std::uint8_t> values_;
  std::unique_ptr<libdeflate_decompressor, FreeDeflate> deflate_;
  std::unique_ptr<ZSTD_DCtx_s, FreeZstd> zstd_;
};

/// A scratch nobody else uses, lent until the loan ends. As many exist as decodes ran at once.
/// Thread-safe.
class ScratchLoan {
 public:
  ScratchLoan();
  ~ScratchLoan();
  ScratchLoan(const ScratchLoan&) = delete;
  ScratchLoan& operator=(const ScratchLoan&) = delete;
  DecodeScratch& operator*() const noexcept { return *scratch_; }

 private:
  std::unique_ptr<DecodeScratch> scratch_;
};

void drop_scratch() noexcept;

}  // namespace topobathy
