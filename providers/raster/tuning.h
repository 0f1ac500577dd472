#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every number that trades speed for memory or safety when raster files are read, with the trade
/// beside it.
namespace topobathy::tuning {

/// Decoded tiles kept process-wide. A quarter of the peak memory the product allows itself at 10 m;
/// a 512 x 512 tile is 1 MiB, so two threads keep the working set of some thirty files. Less
/// re-inflates tiles at cell borders (in the order of 15 %), more only costs memory.
inline constexpr std::size_t kBlockCacheBytes = std::size_t{64} << 20;
/// What a cache entry costs beside its pixels, so that millions of shared empty tiles are bounded
/// too.
inline constexpr std::size_t kBlockEntryBytes = 160;
/// Buffers of dropped tiles kept for the next decode: a fresh megabyte costs 256 page faults and a
/// clearing, about a tenth of a decode.
inline constexpr std::size_t kSpareBlockBytes = std::size_t{8} << 20;

/// Idle GDAL handles kept open. An open is 0.2 to 1 ms, a handle about 3 MiB at worst and one or
/// two file descriptors (limit mostly 1024).
inline constexpr std::size_t kIdleHandles = 12;
/// Plain files kept open for reading by offset: one descriptor each.
inline constexpr std::size_t kOpenFiles = 64;

/// How long the stamp of a remote file is relied on: opening one takes several looks at it, and
/// every cell that it touches opens it, a request each. A file that is replaced while a dataset is
/// open is seen this much later.
inline constexpr std::chrono::seconds kRecentStamp{5};
/// Stamps remembered, a few hundred bytes each.
inline constexpr std::size_t kRecentStamps = 4096;

/// A file's own blocks are our tiles when both edges are in this range: smaller ones drown in
/// bookkeeping, larger ones waste decoding.
inline constexpr std::int64_t kMinOwnEdge = 64;
inline constexpr std::int64_t kMaxOwnEdge = 1024;
/// A block of odd shape stays whole up to this many pixels (4 MiB decoded): it has to be decoded as
/// one anyway.
inline constexpr std::int64_t kMaxTilePixels = std::int64_t{1} << 20;
/// Small blocks and strips are gathered up to about this many pixels (1 MiB decoded, like a 512 x
/// 512 tile).
inline constexpr std::int64_t kTilePixels = std::int64_t{1} << 18;
/// Narrow blocks are gathered sideways up to this width.
inline constexpr std::int64_t kGatherEdge = 256;
/// Strips up to this width are read whole. Wider ones (a global grid) are cut into kWideTileColumns
/// x kWideTileRows: a small area of interest then does not fill the cache with whole parallels, at
/// the price of reading a strip again for each column of tiles (GDAL's block cache softens that).
inline constexpr std::int64_t kMaxStripWidth = 16384;
inline constexpr std::int64_t kWideTileColumns = 4096;
inline constexpr std::int64_t kWideTileRows = 64;
/// Blocks beyond kMaxTilePixels are cut into squares of this edge; GDAL's block cache holds the
/// block meanwhile.
inline constexpr std::int64_t kCutEdge = 512;

/// A block of the file that would need more than this decoded is refused: no layout in use comes
/// near, crafted headers do.
inline constexpr std::int64_t kMaxFileBlockBytes = std::int64_t{512} << 20;
/// The fast path hands larger blocks to GDAL, so that its scratch memory stays small.
inline constexpr std::int64_t kMaxFastBlockBytes = std::int64_t{64} << 20;
/// A scratch buffer that grew beyond this is not kept.
inline constexpr std::size_t kKeptScratchBytes = std::size_t{16} << 20;
/// Compressed bytes may exceed the decoded ones by a little (stored blocks); far more is a damaged
/// index.
inline constexpr std::int64_t kCompressedSlackBytes = 65536;

}  // namespace topobathy::tuning
