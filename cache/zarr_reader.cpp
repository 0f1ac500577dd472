#include "cache/zarr_reader.h"

#include <algorithm>
#include <vector>

#include "cache/blosc_codec.h"
#include "fusion/sha256.h"
#include "fusion/source_ids.h"

namespace topobathy {
namespace {

using nlohmann::json;

constexpr bool kThrowOnBadJson = false;

/// The inverse of the writer's cut_chunk.
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
         checksums.at(name) == sha256_hex(compressed.data(), compressed.size()) &&
         blosc_decompress(compressed, chunk.data(), size);
}

template <class T>
bool ZarrReader::read_plane(const std::string& name, std::int64_t width, std::int64_t height,
                            const json& checksums, Plane<T>& plane) const {
  if (!metadata_.is_object() ||
      metadata_.value(name + "/.zarray", json()) != plane_metadata<T>(width, height))
    return false;
  const ChunkGrid grid(width, height);
  plane.reshape(width, height);
  Bytes compressed;
  std::vector<T> chunk(grid.pixels());
  for (std::int64_t row = 0; row < grid.rows; ++row)
    for (std::int64_t col = 0; col < grid.columns; ++col) {
      if (!read_chunk(ChunkGrid::name(name, col, row), checksums, compressed, chunk)) return false;
      paste_chunk(chunk, grid, col, row, plane);
    }
  return true;
}

template bool ZarrReader::read_plane(const std::string&, std::int64_t, std::int64_t, const json&,
                                     Plane<float>&) const;
template bool ZarrReader::read_plane(const std::string&, std::int64_t, std::int64_t, const json&,
                                     Plane<SourceId>&) const;

}  // namespace topobathy
