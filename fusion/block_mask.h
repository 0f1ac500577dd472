#pragma once

#include <cstdint>
#include <vector>

#include "fusion/window.h"

namespace topobathy {

/// Edge of the blocks that sampling works in, pixels; blocks are anchored to the lattice (multiples
/// of 32), never to a window. 32 keeps a block's source pixels in the L1/L2 cache and the linear
/// error of coordinates inside it small.
constexpr std::int64_t kBlock = 32;

/// Which anchored 32 x 32 blocks of a window are wanted.
class BlockMask {
 public:
  BlockMask() = default;
  BlockMask(const LatticeWindow& window, bool wanted)
      : left_(floor_div(window.col, kBlock)),
        top_(floor_div(window.row, kBlock)),
        columns_(ceil_div(window.right(), kBlock) - left_),
        rows_(ceil_div(window.bottom(), kBlock) - top_),
        wanted_(static_cast<std::size_t>(columns_ * rows_), wanted ? 1 : 0) {}

  std::int64_t left() const noexcept { return left_; }  ///< block index of the first column
  std::int64_t top() const noexcept { return top_; }
  std::int64_t columns() const noexcept { return columns_; }
  std::int64_t rows() const noexcept { return rows_; }

  /// \pre the block lies in the mask
  bool wanted(std::int64_t block_col, std::int64_t block_row) const noexcept {
    return wanted_[index(block_col, block_row)] != 0;
  }
  bool empty() const noexcept { return wanted_.empty(); }  ///< of no window
  void set(std::int64_t block_col, std::int64_t block_row, bool wanted) noexcept {
    wanted_[index(block_col, block_row)] = wanted ? 1 : 0;
  }
  /// The pixels of a block, not cut to the window.
  static LatticeWindow pixels(std::int64_t block_col, std::int64_t block_row) noexcept {
    return {block_col * kBlock, block_row * kBlock, kBlock, kBlock};
  }

 private:
  std::size_t index(std::int64_t block_col, std::int64_t block_row) const noexcept {
    return static_cast<std::size_t>((block_row - top_) * columns_ + (block_col - left_));
  }

  std::int64_t left_ = 0, top_ = 0, columns_ = 0, rows_ = 0;
  std::vector<std::uint8_t> wanted_;
};

}  // namespace topobathy
