#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "providers/usgs_lidar/byte_source.h"
#include "providers/usgs_lidar/las_header.h"

/// What LASzip's own record says of a file, and the frame around the points of its chunks. Source:
/// LAZ specification 1.4 R1 (rapidlasso).
namespace topobathy {

/// How the points of a LAZ file lie.
struct LazKind {
  bool layered = false;          ///< formats 6 to 10; else point after point
  std::uint32_t chunk_size = 0;  ///< points a chunk; 0xffffffff = each chunk has its own number
  std::size_t layers = 0;        ///< compressed layers of a layered chunk
};

/// \throws Error(kUnsupported) compressors that no current program writes; Error(kUnreadable) a
/// record that does not fit the points
LazKind laz_kind(const std::string& name, const LasPacking& packing);

struct LazChunk {
  BytePiece piece;
  std::uint64_t points = 0;
};
/// The chunk of layered points that begins at `offset` and ends at `end` at the latest: its length
/// and number of points as its frame says. \throws Error(kUnreadable) it does not fit
LazChunk layered_chunk(ByteSource& file, const LasPacking& packing, const LazKind& kind,
                       std::uint64_t offset, std::uint64_t end);

}  // namespace topobathy
