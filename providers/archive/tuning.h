#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace topobathy {

/// How far beyond a window its blocks and their kernels may look, lattice pixels: a block that
/// begins in the window (32) and three pixels of a source that is read at the lattice's resolution,
/// with room. More only finds files that give nothing.
constexpr std::int64_t kKernelReach = 64;
/// The same in pixels of the archive's coarsest source.
constexpr double kSourceReach = 4.0;
/// Files of one archive that one cell may touch. A global view at a coarse level would open every
/// file there is, a request each; whoever wants that hydrates the overviews first.
constexpr std::size_t kMostAssets = 2000;
/// Square degrees of an archive that `analyze` asks about. Some archives are asked square by square
/// (a quarter of a degree: 16 questions a square degree).
constexpr double kMostSquareDegrees = 100.0;
/// Cells whose files a layer keeps open for sampling. A row of cells of a wide window, so that
/// readers that go line by line find them again; each is some kilobytes a file.
constexpr std::size_t kKeptCells = 256;
/// Questions about one window that are asked at once where they do not hang on each other.
constexpr std::size_t kAskedAtOnce = 8;
/// Files of a cell that are fetched or opened at once. The client bounds requests a host anyway;
/// more threads than that only wait.
constexpr std::size_t kOpenedAtOnce = 8;
/// How often the cells of one read are opened until no file among them has been replaced meanwhile.
/// Once more is enough unless an archive replaces a file twice within a read.
constexpr int kOpenedAgain = 3;

/// How long a layer goes by what it found for a window. Longer than a cell takes from a far archive
/// in the common case; an edition that is replaced is seen this much later.
constexpr std::chrono::seconds kRecent{5};
/// Windows and assets in them that a layer remembers so, about a kilobyte each.
constexpr std::size_t kRecentAssets = 20000;
/// Blocks of a cell whose files lie in an archive are sampled in so many columns and rows of parts
/// at once: each waits for tiles of its own. Cells have 6 to 32 blocks a side, COGs tiles of 512
/// pixels, so that more parts would mostly wait for the same tiles.
constexpr std::int64_t kSampledApart = 3;
/// Threads that do so. Object stores take thousands of requests; each thread opens its own
/// connection
/// and handle, of which the pool of idle ones keeps a dozen.
constexpr std::size_t kSampledAtOnce = 6;

}  // namespace topobathy
