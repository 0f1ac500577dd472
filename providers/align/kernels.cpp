#include "providers/align/kernels.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "fusion/target_clones.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define TOPOBATHY_HAS_AVX2
#include <immintrin.h>
#endif

namespace topobathy {
namespace {

constexpr std::int64_t kMargin = 3;  // cubic reaches two pixels to the side, and one for rounding

using Lane = std::array<float, kBlock>;  // one row of a block
using Offsets = std::array<std::int32_t, kBlock>;

/// First tap and fraction of one row of positions, for a kernel whose taps are centred `shift`
/// pixels before the position.
struct Taps {
  Offsets offset;  ///< into the patch
  Lane across;
  Lane down;
};

std::int32_t patch_origin(const BlockPositions& p, const Patch& patch) {
  const std::int64_t col = p.base_col - patch.window.col, row = p.base_row - patch.window.row;
  return static_cast<std::int32_t>(row * patch.window.width + col);
}

void find_taps(const float* col, const float* row, float shift, std::int32_t origin,
               std::int32_t width, Taps& taps) {
  for (std::int64_t i = 0; i < kBlock; ++i) {
    const float c = col[i] - shift, r = row[i] - shift;
    const auto ic = static_cast<std::int32_t>(c), ir = static_cast<std::int32_t>(r);
    taps.across[i] = c - static_cast<float>(ic);
    taps.down[i] = r - static_cast<float>(ir);
    taps.offset[i] = origin + ir * width + ic;
  }
}

inline void gather(const float* values, const Offsets& offset, std::int32_t shift, Lane& out) {
  for (std::int64_t i = 0; i < kBlock; ++i)
    out[i] = values[offset[i] + shift];
}

/// nearest + sum(w (v - nearest)) / sum(w) over the taps that have a value: exact for constants,
/// one form for all cases.
inline void add_tap(const Lane& value, const Lane& reference, const Lane& weight, Lane& sum,
                    Lane& total) {
  for (std::int64_t i = 0; i < kBlock; ++i) {
    const bool has = value[i] == value[i];
    const float w = has ? weight[i] : 0.0F;
    const float difference = has ? value[i] - reference[i] : 0.0F;
    total[i] += w;
    sum[i] += w * difference;
  }
}

void bilinear_row_plain(const float* col, const float* row, const float* values,
                        std::int32_t origin, std::int32_t width, float* out) {
  Taps taps;
  find_taps(col, row, 0.5F, origin, width, taps);
  Lane a, b, c, d, nearest, weight, sum{}, total{};
  gather(values, taps.offset, 0, a);
  gather(values, taps.offset, 1, b);
  gather(values, taps.offset, width, c);
  gather(values, taps.offset, width + 1, d);
  for (std::int64_t i = 0; i < kBlock; ++i) {
    const float upper = taps.across[i] >= 0.5F ? b[i] : a[i];
    const float lower = taps.across[i] >= 0.5F ? d[i] : c[i];
    nearest[i] = taps.down[i] >= 0.5F ? lower : upper;
  }
  for (std::int64_t i = 0; i < kBlock; ++i)
    weight[i] = (1.0F - taps.across[i]) * (1.0F - taps.down[i]);
  add_tap(a, nearest, weight, sum, total);
  for (std::int64_t i = 0; i < kBlock; ++i)
    weight[i] = taps.across[i] * (1.0F - taps.down[i]);
  add_tap(b, nearest, weight, sum, total);
  for (std::int64_t i = 0; i < kBlock; ++i)
    weight[i] = (1.0F - taps.across[i]) * taps.down[i];
  add_tap(c, nearest, weight, sum, total);
  for (std::int64_t i = 0; i < kBlock; ++i)
    weight[i] = taps.across[i] * taps.down[i];
  add_tap(d, nearest, weight, sum, total);
  for (std::int64_t i = 0; i < kBlock; ++i)
    out[i] = nearest[i] + sum[i] / total[i];  // NaN where the nearest is
}

#ifdef TOPOBATHY_HAS_AVX2
/// The same operations in the same order, eight pixels at a time with gathered taps: the same bits.
__attribute__((target("avx2"))) void bilinear_row_avx2(const float* col, const float* row,
                                                       const float* values, std::int32_t origin,
                                                       std::int32_t width, float* out) {
  const __m256 half = _mm256_set1_ps(0.5F), one = _mm256_set1_ps(1.0F);
  const __m256i stride = _mm256_set1_epi32(width), start = _mm256_set1_epi32(origin);
  for (std::int64_t i = 0; i < kBlock; i += 8) {
    const __m256 c = _mm256_sub_ps(_mm256_loadu_ps(col + i), half);
    const __m256 r = _mm256_sub_ps(_mm256_loadu_ps(row + i), half);
    const __m256i ic = _mm256_cvttps_epi32(c), ir = _mm256_cvttps_epi32(r);
    const __m256 across = _mm256_sub_ps(c, _mm256_cvtepi32_ps(ic));
    const __m256 down = _mm256_sub_ps(r, _mm256_cvtepi32_ps(ir));
    const __m256i at =
        _mm256_add_epi32(_mm256_add_epi32(start, _mm256_mullo_epi32(ir, stride)), ic);
    const __m256 tap[4] = {
        _mm256_i32gather_ps(values, at, 4), _mm256_i32gather_ps(values + 1, at, 4),
        _mm256_i32gather_ps(values + width, at, 4), _mm256_i32gather_ps(values + width + 1, at, 4)};
    const __m256 to_right = _mm256_cmp_ps(across, half, _CMP_GE_OQ);
    const __m256 nearest = _mm256_blendv_ps(_mm256_blendv_ps(tap[0], tap[1], to_right),
                                            _mm256_blendv_ps(tap[2], tap[3], to_right),
                                            _mm256_cmp_ps(down, half, _CMP_GE_OQ));
    const __m256 left = _mm256_sub_ps(one, across), up = _mm256_sub_ps(one, down);
    const __m256 weight[4] = {_mm256_mul_ps(left, up), _mm256_mul_ps(across, up),
                              _mm256_mul_ps(left, down), _mm256_mul_ps(across, down)};
    __m256 sum = _mm256_setzero_ps(), total = _mm256_setzero_ps();
    for (int k = 0; k < 4; ++k) {
      const __m256 has = _mm256_cmp_ps(tap[k], tap[k], _CMP_ORD_Q);
      const __m256 w = _mm256_and_ps(has, weight[k]);
      const __m256 difference = _mm256_and_ps(has, _mm256_sub_ps(tap[k], nearest));
      total = _mm256_add_ps(total, w);
      sum = _mm256_add_ps(sum, _mm256_mul_ps(w, difference));
    }
    _mm256_storeu_ps(out + i, _mm256_add_ps(nearest, _mm256_div_ps(sum, total)));
  }
}
#endif

void bilinear_row(const float* col, const float* row, const float* values, std::int32_t origin,
                  std::int32_t width, float* out) {
#ifdef TOPOBATHY_HAS_AVX2
  static const bool avx2 = __builtin_cpu_supports("avx2");
  if (avx2) return bilinear_row_avx2(col, row, values, origin, width, out);
#endif
  bilinear_row_plain(col, row, values, origin, width, out);
}

std::array<float, 4> catmull_rom(float t) noexcept {
  const float t2 = t * t, t3 = t2 * t;
  return {0.5F * (2.0F * t2 - t3 - t), 0.5F * (3.0F * t3 - 5.0F * t2 + 2.0F),
          0.5F * (4.0F * t2 - 3.0F * t3 + t), 0.5F * (t3 - t2)};
}

/// NaN beside a missing tap.
float cubic_pixel(const float* tap, std::int32_t width, float across, float down) noexcept {
  const auto x = catmull_rom(across), y = catmull_rom(down);
  const float reference = tap[width + 1];
  float sum = 0.0F;
  for (std::int32_t j = 0; j < 4; ++j)
    for (std::int32_t i = 0; i < 4; ++i)
      sum += y[j] * x[i] * (tap[j * width + i] - reference);
  return reference + sum;
}

/// A box along one axis: the first pixel it touches and its share of each of `count` pixels from
/// there.
inline void box_weight(const float* position, const Offsets& first, float half, std::int32_t k,
                       Lane& weight) {
  for (std::int64_t i = 0; i < kBlock; ++i) {
    const float pixel = static_cast<float>(first[i] + k);
    const float from = std::max(position[i] - half, pixel);
    const float to = std::min(position[i] + half, pixel + 1.0F);
    weight[i] = std::max(0.0F, to - from);
  }
}

inline void first_pixel(const float* position, float half, Offsets& first) {
  for (std::int64_t i = 0; i < kBlock; ++i)  // positions are >= 1 and boxes below 128 wide:
                                             // truncation of the shifted value is floor
    first[i] = static_cast<std::int32_t>(position[i] - half + 64.0F) - 64;
}

TOPOBATHY_TARGET_CLONES
void average_row(const float* col, const float* row, const float* values, std::int32_t origin,
                 std::int32_t width, float half_across, float half_down, float* out) {
  Offsets first_col, first_row, offset;
  first_pixel(col, half_across, first_col);
  first_pixel(row, half_down, first_row);
  Lane centre, reference, value, across, down, weight, sum{}, total{};
  for (std::int64_t i = 0; i < kBlock; ++i)
    offset[i] =
        origin + static_cast<std::int32_t>(row[i]) * width + static_cast<std::int32_t>(col[i]);
  gather(values, offset, 0, centre);
  for (std::int64_t i = 0; i < kBlock; ++i)
    offset[i] = origin + first_row[i] * width + first_col[i];
  const auto columns = static_cast<std::int32_t>(std::ceil(2.0F * half_across)) + 1;
  const auto rows = static_cast<std::int32_t>(std::ceil(2.0F * half_down)) + 1;
  reference = centre;
  for (std::int32_t j = 0; j < rows; ++j) {
    for (std::int32_t k = 0; k < columns; ++k) {
      gather(values, offset, j * width + k, value);
      for (std::int64_t i = 0; i < kBlock; ++i)
        reference[i] = reference[i] == reference[i] ? reference[i] : value[i];
    }
  }
  for (std::int32_t j = 0; j < rows; ++j) {
    box_weight(row, first_row, half_down, j, down);
    for (std::int32_t k = 0; k < columns; ++k) {
      box_weight(col, first_col, half_across, k, across);
      for (std::int64_t i = 0; i < kBlock; ++i)
        weight[i] = across[i] * down[i];
      gather(values, offset, j * width + k, value);
      add_tap(value, reference, weight, sum, total);
    }
  }
  const float half_box = 2.0F * half_across * half_down;
  for (std::int64_t i = 0; i < kBlock; ++i) {
    const bool valid = (centre[i] == centre[i] || total[i] >= half_box) && total[i] > 0.0F;
    out[i] = valid ? reference[i] + sum[i] / total[i] : kNoValue;
  }
}

void drop_unknown(const BlockPositions& positions, const BlockPart& part, float* out) {
  if (!positions.has_gaps) return;
  for (std::int64_t k = part.top * kBlock; k < part.bottom * kBlock; ++k)
    if (!positions.known[k]) out[k] = kNoValue;
}

template <class Row>
void for_each_row(const BlockPositions& p, const BlockPart& part, float* out, Row row) {
  for (std::int64_t l = part.top; l < part.bottom; ++l)
    row(p.col.data() + l * kBlock, p.row.data() + l * kBlock, out + l * kBlock);
  drop_unknown(p, part, out);
}

}  // namespace

SourceWindow patch_window(const BlockPositions& p, const PixelRatio& ratio) noexcept {
  const auto margin_c = kMargin + static_cast<std::int64_t>(std::ceil(ratio.across / 2));
  const auto margin_r = kMargin + static_cast<std::int64_t>(std::ceil(ratio.down / 2));
  return SourceWindow::from_edges(p.base_col + static_cast<std::int64_t>(p.min_col) - margin_c,
                                  p.base_row + static_cast<std::int64_t>(p.min_row) - margin_r,
                                  p.base_col + static_cast<std::int64_t>(p.max_col) + margin_c + 1,
                                  p.base_row + static_cast<std::int64_t>(p.max_row) + margin_r + 1);
}

void sample_nearest(const BlockPositions& positions, const Patch& patch, const BlockPart& part,
                    float* out) {
  const std::int32_t origin = patch_origin(positions, patch);
  const auto width = static_cast<std::int32_t>(patch.window.width);
  for_each_row(positions, part, out, [&](const float* col, const float* row, float* line) {
    for (std::int64_t i = 0; i < kBlock; ++i)
      line[i] = patch.values[origin + static_cast<std::int32_t>(row[i]) * width +
                             static_cast<std::int32_t>(col[i])];
  });
}

void sample_bilinear(const BlockPositions& positions, const Patch& patch, const BlockPart& part,
                     float* out) {
  const std::int32_t origin = patch_origin(positions, patch);
  const auto width = static_cast<std::int32_t>(patch.window.width);
  for_each_row(positions, part, out, [&](const float* col, const float* row, float* line) {
    bilinear_row(col, row, patch.values.data(), origin, width, line);
  });
}

void sample_cubic(const BlockPositions& positions, const Patch& patch, const BlockPart& part,
                  float* out) {
  const std::int32_t origin = patch_origin(positions, patch);
  const auto width = static_cast<std::int32_t>(patch.window.width);
  for_each_row(positions, part, out, [&](const float* col, const float* row, float* line) {
    bilinear_row(col, row, patch.values.data(), origin, width, line);
    Taps taps;
    find_taps(col, row, 0.5F, origin, width, taps);
    for (std::int64_t i = 0; i < kBlock; ++i) {
      if (line[i] != line[i]) continue;
      const float smooth = cubic_pixel(patch.values.data() + taps.offset[i] - width - 1, width,
                                       taps.across[i], taps.down[i]);
      if (smooth == smooth) line[i] = smooth;
    }
  });
}

void sample_average(const BlockPositions& positions, const Patch& patch, const BlockPart& part,
                    const PixelRatio& ratio, float* out) {
  const std::int32_t origin = patch_origin(positions, patch);
  const auto width = static_cast<std::int32_t>(patch.window.width);
  const float half_across = static_cast<float>(std::max(1.0, ratio.across)) * 0.5F;
  const float half_down = static_cast<float>(std::max(1.0, ratio.down)) * 0.5F;
  for_each_row(positions, part, out, [&](const float* col, const float* row, float* line) {
    average_row(col, row, patch.values.data(), origin, width, half_across, half_down, line);
  });
}

}  // namespace topobathy
