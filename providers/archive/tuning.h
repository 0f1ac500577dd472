#pragma once

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
/// Files of a cell that are fetched or opened at once. The client bounds requests a host anyway;
/// more threads than that only wait.
constexpr std::size_t kOpenedAtOnce = 8;

}  // namespace topobathy
