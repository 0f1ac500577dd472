#pragma once

#include <array>
#include <cstdint>

#include "fusion/block_mask.h"
#include "fusion/lattice.h"
#include "providers/datum/height_shift.h"

namespace topobathy {

/// The height shift over one anchored block: asked at every eighth pixel and bilinear between
/// (geoid and datum grids are a kilometre wide and smooth: below 30 m pixels that is beyond a
/// millimetre). One a thread.
class BlockHeights {
 public:
  /// Asks the shift for a block (indices). \throws Error as HeightShift::offsets()
  void prepare(const HeightShift& shift, const Lattice& lattice, std::int64_t block_col,
               std::int64_t block_row);
  /// Metres to add to the pixel of the block; NaN where the grids have no value.
  double at(std::int64_t col, std::int64_t row) const noexcept;

 private:
  static constexpr std::int64_t kPitch = 8;  ///< pixels
  static constexpr std::int64_t kNodes = kBlock / kPitch + 1;
  std::array<double, kNodes * kNodes> metres_{};
};

}  // namespace topobathy
