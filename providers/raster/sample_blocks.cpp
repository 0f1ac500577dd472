#include "providers/raster/sample_blocks.h"

#include <algorithm>

#include "fusion/count_time.h"
#include "providers/raster/block_reader.h"

namespace topobathy {
namespace {

/// Writes the wanted part of a sampled block into the planes; an empty block is NaN.
void put_block(const SampledBlock* block, const WantedBlock& wanted, const LatticeWindow& pixels,
               LayerPlanes& planes) {
  for (std::int64_t l = wanted.part.top; l < wanted.part.bottom; ++l) {
    const std::int64_t row = pixels.row + l - planes.window.row;
    const std::int64_t col = pixels.col + wanted.part.from - planes.window.col;
    const std::int64_t count = wanted.part.to - wanted.part.from;
    const std::int64_t from = l * kBlock + wanted.part.from;
    if (!block) {
      std::fill_n(planes.elevation.row(row) + col, count, kNoValue);
      continue;
    }
    std::copy_n(block->elevation.data() + from, count, planes.elevation.row(row) + col);
    if (wanted.uncertainty)
      std::copy_n(block->uncertainty.data() + from, count, planes.uncertainty.row(row) + col);
    if (wanted.source)
      std::copy_n(block->source.data() + from, count, planes.source.row(row) + col);
  }
}

WantedBlock wanted_block(const LayerRequest& request, std::int64_t col, std::int64_t row) {
  const LatticeWindow pixels = BlockMask::pixels(col, row);
  const LatticeWindow part = pixels.intersect(request.window);
  WantedBlock wanted;
  wanted.col = col;
  wanted.row = row;
  wanted.part = {part.col - pixels.col, part.right() - pixels.col, part.row - pixels.row,
                 part.bottom() - pixels.row};
  const bool core = !pixels.intersect(request.core).empty();
  wanted.uncertainty = core && request.uncertainty;
  wanted.source = core && request.source;
  // The cells beside this one take their halo from it.
  const std::int64_t columns = request.core.col - request.window.col;
  const std::int64_t rows = request.core.row - request.window.row;
  wanted.inner = request.core.grow(-columns, -rows).contains(pixels);
  return wanted;
}

/// Counts what this thread does while it lives; `counters` may be null.
class CountWork {
 public:
  explicit CountWork(Counters* counters) noexcept : counters_(counters) { take_decode_work(); }
  ~CountWork() {
    const DecodeWork work = take_decode_work();
    if (counters_ == nullptr) return;
    counters_->source_pixels_read += work.pixels;
    counters_->bytes_fetched += work.bytes;
    counters_->fetch_time += work.fetch_time;
    counters_->decode_time += work.decode_time;
    counters_->align_time += time_.elapsed() - work.fetch_time - work.decode_time;
  }
  CountWork(const CountWork&) = delete;
  CountWork& operator=(const CountWork&) = delete;

 private:
  Counters* const counters_;
  const CountTime time_{nullptr};
};

}  // namespace

bool sample_blocks(BlockSampler& sampler, const LayerRequest& request, LayerPlanes& planes,
                   const BlockChoice& choice) {
  const CountWork counted(request.counters);
  SampledBlock block;
  bool any = false;
  const BlockMask& mask = *request.wanted;
  for (std::int64_t row = mask.top(); row < mask.top() + mask.rows(); ++row) {
    for (std::int64_t col = mask.left(); col < mask.left() + mask.columns(); ++col) {
      if (!mask.wanted(col, row) || (choice && !choice(col, row))) continue;
      const WantedBlock wanted = wanted_block(request, col, row);
      const bool has = sampler.sample(wanted, block);
      put_block(has ? &block : nullptr, wanted, BlockMask::pixels(col, row), planes);
      any |= has;
    }
  }
  return any;
}

}  // namespace topobathy
