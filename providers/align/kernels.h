#pragma once

#include <cstdint>
#include <vector>

#include "fusion/plane.h"
#include "fusion/window.h"
#include "providers/align/block_positions.h"

namespace topobathy {

/// Source pixels around one block, NaN where there is none. Contains every tap of every kernel for
/// the positions it was made for.
struct Patch {
  SourceWindow window;
  std::vector<float> values;
};

/// The source pixels that a patch for these positions must hold.
/// \param ratio of the average kernel; 1 x 1 for the others
SourceWindow patch_window(const BlockPositions& positions, const PixelRatio& ratio) noexcept;

/// The pixels [from, to) x [top, bottom) of a block that are wanted.
struct BlockPart {
  std::int64_t from = 0, to = kBlock, top = 0, bottom = kBlock;
};

/// The kernels write a 32 x 32 block; a pixel's value never depends on the part asked for. All know
/// NaN: a tap without value gives its weight to the others.
///
/// Nearest, bilinear and cubic are valid exactly where the source pixel that contains the position
/// is valid, so a layer ends where its files end, and two files that share an edge leave no gap.
/// Cubic (Catmull-Rom) falls back to bilinear beside a NaN.
void sample_nearest(const BlockPositions& positions, const Patch& patch, const BlockPart& part,
                    float* out);
void sample_bilinear(const BlockPositions& positions, const Patch& patch, const BlockPart& part,
                     float* out);
void sample_cubic(const BlockPositions& positions, const Patch& patch, const BlockPart& part,
                  float* out);
/// Area average over a box of `ratio` source pixels (at least 1 x 1) around the position. Valid
/// where the containing pixel is, or where half of the box is.
void sample_average(const BlockPositions& positions, const Patch& patch, const BlockPart& part,
                    const PixelRatio& ratio, float* out);

}  // namespace topobathy
