#pragma once

#include <cstdint>

#include "providers/usgs_lidar/byte_source.h"
#include "providers/usgs_lidar/las_header.h"
#include "providers/usgs_lidar/lidar_points.h"

/// Bytes into points. What LASzip is given is a header of our own over the file's compressed points
/// alone, after every size and count in them has been checked: nothing that a file merely claims is
/// allocated.
namespace topobathy {

/// The points of a whole LAS or LAZ file. \throws Error(kUnreadable) fewer or more points than
/// the header states, damage; Error(kUnsupported) LAZ without LASzip, an unknown kind of LAZ
void decode_file(ByteSource& file, const LasHeader& header, const PointSink& sink);

/// One chunk of a COPC file, at `piece` of `file`, of `count` points. \throws as decode_file
void decode_chunk(ByteSource& file, const LasPacking& packing, const BytePiece& piece,
                  std::uint64_t count, const PointSink& sink);

}  // namespace topobathy
