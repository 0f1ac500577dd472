#include "cache/zarr_array.h"

#include "cache/blosc_codec.h"
#include "fusion/window.h"

namespace topobathy {
namespace {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
              "cells hold little-endian numbers: swap bytes in zarr_writer and zarr_reader");

/// \pre size > 0
std::int64_t equal_share(std::int64_t size) noexcept {
  return ceil_div(size, ceil_div(size, kChunkEdge));
}

}  // namespace

ChunkGrid::ChunkGrid(std::int64_t plane_width, std::int64_t plane_height) noexcept
    : columns(ceil_div(plane_width, kChunkEdge)),
      rows(ceil_div(plane_height, kChunkEdge)),
      width(equal_share(plane_width)),
      height(equal_share(plane_height)) {}

std::string ChunkGrid::name(const std::string& array, std::int64_t col, std::int64_t row) {
  return array + "/" + std::to_string(row) + "." + std::to_string(col);
}

nlohmann::json array_metadata(const nlohmann::json& shape, const nlohmann::json& chunks,
                              const char* type, const nlohmann::json& fill, bool compressed) {
  nlohmann::json compressor;
  if (compressed)
    compressor = {{"id", "blosc"},
                  {"cname", "lz4"},
                  {"clevel", kBloscLevel},
                  {"shuffle", 1},
                  {"blocksize", 0}};
  return {{"zarr_format", 2},   {"shape", shape}, {"chunks", chunks},   {"dtype", type},
          {"fill_value", fill}, {"order", "C"},   {"filters", nullptr}, {"compressor", compressor}};
}

}  // namespace topobathy
