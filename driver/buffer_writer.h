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

/// Pixels to be written: planes that hold `part` of the window they cover, and more perhaps.
struct WritePart {
  LatticeWindow window;  ///< of the planes
  LatticeWindow part;
  const Plane<float>& elevation;
  const Plane<float>& uncertainty;
  const Plane<SourceId>& source;
};

/// Writes planes into a caller's buffer, with the layout's nodata in place of "no value".
/// Thread-safe for parts that do not overlap.
class BufferWriter {
 public:
  BufferWriter(const TargetBuffer& target, const BandLayout& layout, std::vector<BandKind> bands);

  /// Pixel (0, 0) of the buffer is (`left`, `top`) in the count of the part's windows. Changes
  /// nothing but the buffer's pixels of the part.
  void write(const WritePart& part, std::int64_t left, std::int64_t top) const;
  /// All of `piece`, whose window counts buffer pixels.
  void write(const LayerPlanes& piece) const;

 private:
  void write_row(const WritePart& part, BandKind kind, std::int64_t row, std::vector<float>& floats,
                 char* target) const;
  void copy_words(const void* words, GDALDataType type, std::int64_t count, char* target) const;

  TargetBuffer target_;
  const BandLayout& layout_;
  std::vector<BandKind> bands_;
};

}  // namespace topobathy
