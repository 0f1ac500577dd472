#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "fusion/plane.h"

/// How a plane is laid out in Zarr v2: shared by writer and reader, so that the reader accepts
/// exactly what the writer makes.
namespace topobathy {

/// Chunks are at most this many pixels along an edge: 256 KiB of Float32, inside the L2 cache when
/// decoded.
constexpr std::int64_t kChunkEdge = 256;

/// Zarr names of the element types (little-endian) and what stands for "none".
template <class T>
struct ZarrType;
template <>
struct ZarrType<float> {
  static constexpr const char* kName = "<f4";
  static nlohmann::json fill() { return "NaN"; }
  static float fill_value() noexcept { return kNoValue; }
};
template <>
struct ZarrType<double> {
  static constexpr const char* kName = "<f8";
  static nlohmann::json fill() { return "NaN"; }
};
template <>
struct ZarrType<std::uint32_t> {
  static constexpr const char* kName = "<u4";
  static nlohmann::json fill() { return 0; }
  static std::uint32_t fill_value() noexcept { return 0; }
};

/// Chunks [first, last) of a plane.
struct ChunkRange {
  std::int64_t first_col = 0, first_row = 0, last_col = 0, last_row = 0;
};

/// The chunks of a width x height plane: equal ones, so that little is padded (500 pixels: two of
/// 250).
struct ChunkGrid {
  ChunkGrid(std::int64_t plane_width, std::int64_t plane_height) noexcept;

  std::int64_t columns, rows;  ///< of chunks
  std::int64_t width, height;  ///< of one chunk, pixels
  ChunkRange all() const noexcept { return {0, 0, columns, rows}; }
  std::size_t pixels() const noexcept { return static_cast<std::size_t>(width * height); }
  static std::string name(const std::string& array, std::int64_t col, std::int64_t row);
};

/// `.zarray` from its parts; compressed by Blosc or not at all.
nlohmann::json array_metadata(const nlohmann::json& shape, const nlohmann::json& chunks,
                              const char* type, const nlohmann::json& fill, bool compressed);

/// `.zarray` of a plane.
template <class T>
nlohmann::json plane_metadata(std::int64_t width, std::int64_t height) {
  const ChunkGrid grid(width, height);
  return array_metadata({height, width}, {grid.height, grid.width}, ZarrType<T>::kName,
                        ZarrType<T>::fill(), true);
}

}  // namespace topobathy
