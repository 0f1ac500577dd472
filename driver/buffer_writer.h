#pragma once

#include <vector>

#include "driver/band_layout.h"
#include "driver/gdal_compat.h"

namespace topobathy {

/// Memory of a caller of RasterIO: any type, any spacing.
struct TargetBuffer {
  void* data = nullptr;
  GDALDataType type = GDT_Unknown;
  GSpacing pixel_space = 0;  ///< bytes
  GSpacing line_space = 0;
  GSpacing band_space = 0;
};

/// Writes pieces of planes into a caller's buffer, with the layout's nodata in place of "no value".
class BufferWriter {
 public:
  BufferWriter(const TargetBuffer& target, const BandLayout& layout, std::vector<BandKind> bands);

  /// `piece.window` counts buffer pixels. Changes nothing but the buffer's pixels of the window.
  void write(const LayerPlanes& piece);

 private:
  void write_row(const LayerPlanes& piece, BandKind kind, std::int64_t row, char* target);
  void copy_words(const void* words, GDALDataType type, std::int64_t count, char* target) const;

  TargetBuffer target_;
  const BandLayout& layout_;
  std::vector<BandKind> bands_;
  std::vector<float> floats_;
};

}  // namespace topobathy
