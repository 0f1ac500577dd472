#include "cache/zarr_reader.h"

#include <algorithm>
#include <vector>

#include "cache/blosc_codec.h"
#include "cache/chunk_checksum.h"
#include "fusion/source_ids.h"

namespace topobathy {
namespace {

using nlohmann::json;

constexpr bool kThrowOnBadJson = false;

/// The inverse of the writer's cut_chunk: the chunk becomes number (col, row) of the plane.
template <class T>
void paste_chunk(const std::vector<T>& chunk, const ChunkGrid& grid, std::int64_t col,
                 std::int64_t row, Plane<T>& plane) {
  const std::int64_t left = col * grid.width, top = row * grid.height;
  const std::int64_t width = std::min(grid.width, plane.width() - left);
  const std::int64_t height = std::min(grid.height, plane.height() - top);
  for (std::int64_t r = 0; r < height; ++r)
    std::copy_n(chunk.data() + r * grid.width, width, plane.row(top + r) + left);
}

}  // namespace

ZarrReader::ZarrReader(const Bytes& archive) : zip_(archive) {
  Bytes text;
  if (!zip_.read(".zmetadata", archive.size(), text)) return;
  json document = json::parse(text.begin(), text.end(), nullptr, kThrowOnBadJson);
  if (!document.is_object() || document.value("zarr_consolidated_format", json()) != 1) return;
  metadata_ = std::move(document["metadata"]);
  if (metadata_.is_object() && metadata_.contains(".zattrs"))
    attributes_ = std::move(metadata_[".zattrs"]);
}

template <class T>
bool ZarrReader::read_chunk(const std::string& name, const json& checksums, Bytes& compressed,
                            std::vector<T>& chunk) const {
  const std::size_t size = chunk.size() * sizeof(T);
  return zip_.read(name, blosc_bound(size), compressed) &&
         checksums.at(name) == chunk_checksum(compressed) &&
         blosc_decompress(compressed, chunk.data(), size);
}

template <class T>
bool ZarrReader::read_plane(const std::string& name, std::int64_t width, std::int64_t height,
                            const ChunkRange& range, const json& checksums, Plane<T>& plane) const {
  if (!metadata_.is_object() ||
      metadata_.value(name + "/.zarray", json()) != plane_metadata<T>(width, height))
    return false;
  const ChunkGrid grid(width, height);
  plane.reshape(std::min(width, range.last_col * grid.width) - range.first_col * grid.width,
                std::min(height, range.last_row * grid.height) - range.first_row * grid.height);
  Bytes compressed;
  std::vector<T> chunk(grid.pixels());
  for (std::int64_t row = range.first_row; row < range.last_row; ++row)
    for (std::int64_t col = range.first_col; col < range.last_col; ++col) {
      if (!read_chunk(ChunkGrid::name(name, col, row), checksums, compressed, chunk)) return false;
      paste_chunk(chunk, grid, col - range.first_col, row - range.first_row, plane);
    }
  return true;
}

template bool ZarrReader::read_plane(const std::string&, std::int64_t, std::int64_t,
                                     const ChunkRange&, const json&, Plane<float>&) const;
template bool ZarrReader::read_plane(const std::string&, std::int64_t, std::int64_t,
                                     const ChunkRange&, const json&, Plane<SourceId>&) const;

}  // namespace topobathy
