#include "cache/zarr_writer.h"

#include <algorithm>
#include <utility>

#include "cache/blosc_codec.h"
#include "cache/chunk_checksum.h"
#include "cache/json_text.h"
#include "fusion/source_ids.h"

namespace topobathy {
namespace {

using nlohmann::json;

Bytes json_bytes(const std::string& text) {
  return {text.begin(), text.end()};
}

/// Chunk (col, row) of the plane, padded with the fill value where the plane ends inside it.
template <class T>
std::vector<T> cut_chunk(const Plane<T>& plane, const ChunkGrid& grid, std::int64_t col,
                         std::int64_t row) {
  std::vector<T> chunk(grid.pixels(), ZarrType<T>::fill_value());
  const std::int64_t left = col * grid.width, top = row * grid.height;
  const std::int64_t width = std::min(grid.width, plane.width() - left);
  const std::int64_t height = std::min(grid.height, plane.height() - top);
  for (std::int64_t r = 0; r < height; ++r)
    std::copy_n(plane.row(top + r) + left, width, chunk.data() + r * grid.width);
  return chunk;
}

}  // namespace

ZarrWriter::ZarrWriter() {
  add_metadata(".zgroup", {{"zarr_format", 2}});
}

template <class T>
void ZarrWriter::add_plane(const std::string& name, const Plane<T>& plane, json attributes) {
  const ChunkGrid grid(plane.width(), plane.height());
  add_array(name, plane_metadata<T>(plane.width(), plane.height()), std::move(attributes),
            json::array({"y", "x"}));
  for (std::int64_t row = 0; row < grid.rows; ++row)
    for (std::int64_t col = 0; col < grid.columns; ++col) {
      const auto chunk = cut_chunk(plane, grid, col, row);
      add_chunk(ChunkGrid::name(name, col, row),
                blosc_compress(chunk.data(), chunk.size() * sizeof(T), sizeof(T)));
    }
}

template void ZarrWriter::add_plane(const std::string&, const Plane<float>&, json);
template void ZarrWriter::add_plane(const std::string&, const Plane<SourceId>&, json);

void ZarrWriter::add_coordinate(const std::string& name, const std::vector<double>& values,
                                json attributes) {
  const json shape = json::array({values.size()});
  add_array(name,
            array_metadata(shape, shape, ZarrType<double>::kName, ZarrType<double>::fill(), true),
            std::move(attributes), json::array({name}));
  add_chunk(name + "/0",
            blosc_compress(values.data(), values.size() * sizeof(double), sizeof(double)));
}

void ZarrWriter::add_scalar(const std::string& name, json attributes) {
  add_array(name, array_metadata(json::array(), json::array(), "<i4", nullptr, false),
            std::move(attributes), json::array());
  add_chunk(name + "/0", Bytes(sizeof(std::int32_t)));
}

Bytes ZarrWriter::finish(const json& group_attributes) {
  add_metadata(".zattrs", group_attributes);
  zip_.add(".zmetadata", json_bytes(canonical_text({{"zarr_consolidated_format", 1},
                                                    {"metadata", std::move(consolidated_)}})));
  return zip_.finish();
}

void ZarrWriter::add_array(const std::string& name, json metadata, json attributes,
                           json dimensions) {
  attributes["_ARRAY_DIMENSIONS"] = std::move(dimensions);
  add_metadata(name + "/.zarray", metadata);
  add_metadata(name + "/.zattrs", attributes);
}

void ZarrWriter::add_metadata(const std::string& name, const json& value) {
  zip_.add(name, json_bytes(canonical_text(value)));
  consolidated_[name] = value;
}

void ZarrWriter::add_chunk(const std::string& name, Bytes chunk) {
  checksums_[name] = chunk_checksum(chunk);
  zip_.add(name, std::move(chunk));
}

}  // namespace topobathy
