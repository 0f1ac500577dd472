#include "driver/buffer_writer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace topobathy {
namespace {

/// Replaces "no value". A valid pixel that happens to equal the chosen nodata moves to the next
/// float above: it must not become a hole.
void float_words(const float* values, std::int64_t count, float nodata, float* words) {
  if (std::isnan(nodata)) {
    std::copy(values, values + count, words);
    return;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    const float value = values[i];
    if (std::isnan(value))
      words[i] = nodata;
    else
      words[i] =
          value == nodata ? std::nextafter(value, std::numeric_limits<float>::infinity()) : value;
  }
}

void id_words(const SourceId* ids, std::int64_t count, float nodata, float* words) {
  for (std::int64_t i = 0; i < count; ++i)
    words[i] = ids[i] == kNoSource ? nodata : static_cast<float>(ids[i]);
}

}  // namespace

BufferWriter::BufferWriter(const TargetBuffer& target, const BandLayout& layout,
                           std::vector<BandKind> bands)
    : target_(target), layout_(layout), bands_(std::move(bands)) {}

void BufferWriter::write(const LayerPlanes& piece) const {
  write({piece.window, piece.window, piece.elevation, piece.uncertainty, piece.source}, 0, 0);
}

void BufferWriter::write(const WritePart& part, std::int64_t left, std::int64_t top) const {
  std::vector<float> floats(static_cast<std::size_t>(part.part.width));
  for (std::size_t band = 0; band < bands_.size(); ++band)
    for (std::int64_t row = part.part.row; row < part.part.bottom(); ++row) {
      char* target =
          static_cast<char*>(target_.data) + static_cast<GSpacing>(band) * target_.band_space +
          (row - top) * target_.line_space + (part.part.col - left) * target_.pixel_space;
      write_row(part, bands_[band], row - part.window.row, floats, target);
    }
}

void BufferWriter::write_row(const WritePart& part, BandKind kind, std::int64_t row,
                             std::vector<float>& floats, char* target) const {
  const std::int64_t first = part.part.col - part.window.col, count = part.part.width;
  if (layout_.type_of(kind) == GDT_UInt32) {
    copy_words(part.source.row(row) + first, GDT_UInt32, count, target);
    return;
  }
  if (kind == BandKind::kContributor) {
    id_words(part.source.row(row) + first, count, layout_.nodata, floats.data());
  } else {
    const auto& plane = kind == BandKind::kElevation ? part.elevation : part.uncertainty;
    float_words(plane.row(row) + first, count, layout_.nodata, floats.data());
  }
  copy_words(floats.data(), GDT_Float32, count, target);
}

void BufferWriter::copy_words(const void* words, GDALDataType type, std::int64_t count,
                              char* target) const {
  const int size = GDALGetDataTypeSizeBytes(type);
  const GSpacing spacing = target_.pixel_space;
  if (spacing >= std::numeric_limits<int>::min() && spacing <= std::numeric_limits<int>::max()) {
    GDALCopyWords64(words, type, size, target, target_.type, static_cast<int>(spacing),
                    static_cast<GPtrDiff_t>(count));
    return;
  }
  for (std::int64_t i = 0; i < count; ++i)
    GDALCopyWords64(static_cast<const char*>(words) + i * size, type, size, target + i * spacing,
                    target_.type, 0, 1);
}

}  // namespace topobathy
