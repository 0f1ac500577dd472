#include <algorithm>

#include "cache/npy.h"
#include "cache/zip_archive.h"
#include "utils/tiles/encode.h"

namespace topobathy {
namespace {

/// A plane without the tile's margin as .npy.
template <class T>
Bytes array(const TilePixels& pixels, const Plane<T>& plane, const char* dtype) {
  const auto rows = static_cast<std::size_t>(pixels.tile.height);
  const auto columns = static_cast<std::size_t>(pixels.tile.width);
  std::vector<T> items(rows * columns);
  for (std::size_t r = 0; r < rows; ++r)
    std::copy_n(plane.row(pixels.top() + static_cast<std::int64_t>(r)) + pixels.left(), columns,
                items.data() + r * columns);
  return npy_file(dtype, sizeof(T), rows, columns, items.data());
}

}  // namespace

Bytes encode_npy(const TilePixels& pixels) {
  return array(pixels, pixels.planes.elevation, "<f4");
}

Bytes encode_npz(const TilePixels& pixels) {
  ZipWriter zip;
  zip.add("elevation.npy", encode_npy(pixels));
  zip.add_compressed("uncertainty.npy", array(pixels, pixels.planes.uncertainty, "<f4"));
  zip.add_compressed("source_id.npy", array(pixels, pixels.planes.source, "<u4"));
  return zip.finish();
}

Bytes encode_sources_npz(const TilePixels& pixels) {
  ZipWriter zip;
  zip.add_compressed("source_id.npy", array(pixels, pixels.planes.source, "<u4"));
  zip.add("elevation.npy", encode_npy(pixels));  // deflating saves 9 %, and takes 8 ms
  return zip.finish();
}

}  // namespace topobathy
