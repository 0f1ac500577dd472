#pragma once

#include <cstddef>
#include <cstdint>

/// Numbers that trade speed for memory when a raster step is sampled.
namespace topobathy {

/// Headers opened by one thread before another is started: an open is about 1 ms, and a new thread
/// opens PROJ's database for itself, which is ten.
inline constexpr std::size_t kFilesAThread = 32;
/// Headers on the network that are read at once: there a thread mostly waits.
inline constexpr std::size_t kRemoteFilesAtOnce = 8;
/// Pixels of the strip that an overview-less file is reduced through (2 MiB); fewer means more
/// looks at the same tiles.
inline constexpr std::int64_t kStripPixels = std::int64_t{1} << 19;
/// Source pixels around one block (4 MiB) before single pixels are looked up instead: only
/// `nearest` and blocks beside a pole come near.
inline constexpr std::int64_t kLargestPatch = std::int64_t{1} << 20;
/// Readers kept open for the next cell; each holds a header and a table of tile offsets.
inline constexpr std::size_t kKeptReaders = 512;

}  // namespace topobathy
