#pragma once

#include <cstddef>
#include <cstdint>

namespace topobathy {

/// Undoes TIFF predictor 3 (floating-point differencing) for one sample of one row of `width`
/// pixels with `samples` interleaved samples of `bytes` bytes. The row holds byte planes, most
/// significant first, each of width x samples bytes, differenced at a distance of `samples`: the
/// chain of one sample never touches the others, so only the wanted ones are summed. `sums` is
/// scratch of width x bytes bytes; `out` gets `width` little-endian values. Source: Adobe Photoshop
/// TIFF Technical Note 3.
void undo_float_predictor(const std::uint8_t* row, std::size_t width, std::size_t samples,
                          std::size_t sample, std::size_t bytes, std::uint8_t* sums,
                          std::uint8_t* out) noexcept;

/// The same without vector instructions (other processors; tests compare the two).
void undo_float_predictor_portable(const std::uint8_t* row, std::size_t width, std::size_t samples,
                                   std::size_t sample, std::size_t bytes, std::uint8_t* sums,
                                   std::uint8_t* out) noexcept;

/// Undoes TIFF predictor 2 (horizontal differencing of unsigned integers of `bytes` = 1, 2, 4 or 8
/// bytes; floats by their bits) in place, for one sample of one row.
void undo_horizontal_predictor(std::uint8_t* row, std::size_t width, std::size_t samples,
                               std::size_t sample, std::size_t bytes) noexcept;

}  // namespace topobathy
