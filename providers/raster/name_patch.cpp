#include "providers/raster/name_patch.h"

#include <algorithm>

#include "fusion/target_clones.h"

namespace topobathy {
namespace {

TOPOBATHY_TARGET_CLONES
bool all_are(float value, const float* values, std::size_t count) noexcept {
  std::int32_t others = 0;
  for (std::size_t i = 0; i < count; ++i)
    others += values[i] == value ? 0 : 1;
  return others == 0;
}

/// One row; `at` is its first pixel within the rim.
TOPOBATHY_TARGET_CLONES
void confirm_row(const float* at, std::int64_t stride, std::int64_t count, std::int32_t company,
                 float* out) noexcept {
  const float *above = at - stride, *below = at + stride;
  for (std::int64_t i = 0; i < count; ++i) {
    const float value = at[i];
    const std::int32_t same = (above[i - 1] == value) + (above[i] == value) +
                              (above[i + 1] == value) + (at[i - 1] == value) +
                              (at[i + 1] == value) + (below[i - 1] == value) + (below[i] == value) +
                              (below[i + 1] == value);
    out[i] = same >= company ? value : kNoValue;
  }
}

}  // namespace

bool NamePatch::read(const GroupMember& member, const SourceWindow& pixels) {
  clear();
  const RasterLevel& size = member.size();
  const int band = member.file->source_band;
  const SourceWindow own{pixels.col - member.place.col - 1, pixels.row - member.place.row - 1,
                         pixels.width + 2, pixels.height + 2};
  if (band == 0 || !SourceWindow{0, 0, size.width, size.height}.contains(own)) return false;
  values_.resize(static_cast<std::size_t>(own.area()));
  for (std::int64_t row = own.row / size.block_height; row * size.block_height < own.bottom();
       ++row)
    for (std::int64_t col = own.col / size.block_width; col * size.block_width < own.right();
         ++col) {
      const SourceWindow tile{col * size.block_width, row * size.block_height, size.block_width,
                              size.block_height};
      const SourceWindow part = tile.intersect(own);
      const BlockPointer block =
          member.reader->block(member.level, band, col, row, member.siblings);
      for (std::int64_t r = part.row; r < part.bottom(); ++r)
        std::copy_n(block->data() + (r - tile.row) * tile.width + (part.col - tile.col), part.width,
                    values_.data() + (r - own.row) * own.width + (part.col - own.col));
    }
  window_ = pixels;
  return true;
}

std::optional<float> NamePatch::only() const noexcept {
  if (window_.empty() || !all_are(values_.front(), values_.data(), values_.size()))
    return std::nullopt;
  return values_.front();
}

void NamePatch::confirm(int company) {
  const std::int64_t stride = window_.width + 2;
  confirmed_.resize(static_cast<std::size_t>(window_.area()));
  for (std::int64_t r = 0; r < window_.height; ++r)
    confirm_row(values_.data() + (r + 1) * stride + 1, stride, window_.width, company,
                confirmed_.data() + r * window_.width);
}

}  // namespace topobathy
