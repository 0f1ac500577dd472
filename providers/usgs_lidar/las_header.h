#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "providers/usgs_lidar/byte_source.h"

/// The public header and variable length records of LAS 1.0 to 1.4. Source: ASPRS LAS
/// specification 1.4 R15. Little-endian.
namespace topobathy {

/// value = scale * integer + offset.
struct LasAxis {
  double scale = 1.0;
  double offset = 0.0;
  double min = 0.0;  ///< of all points, as the header states
  double max = 0.0;
};

/// How the points of a file are packed.
struct LasPacking {
  int format = 0;  ///< 0 to 10
  int record_length = 0;
  LasAxis x;
  LasAxis y;
  LasAxis z;
  std::string laszip;  ///< payload of the LASzip record; "" = not compressed
};

/// A variable length record as found.
struct LasRecord {
  std::string user;
  int id = 0;
  std::string payload;
};

struct LasHeader {
  int minor_version = 0;
  LasPacking packing;
  std::uint64_t points = 0;
  std::uint64_t points_offset = 0;  ///< of the first point (LAZ: of the place of the chunk table)
  std::vector<LasRecord> records;

  /// The first of its kind; null if there is none.
  const LasRecord* find(const char* user, int id) const noexcept;
};

/// \throws Error(kUnreadable) no LAS, cut, or nonsense; Error(kUnsupported) a newer version or
/// format
LasHeader read_las_header(ByteSource& file);

/// Bytes of one point of a format without extra bytes; 0 for a format that does not exist.
int las_point_length(int format) noexcept;

}  // namespace topobathy
