#include "providers/raster/used_tiles.h"

#include <algorithm>

#include "providers/raster/source_finder.h"

namespace topobathy {
namespace {

/// What kernels of the next cell reach back, in pixels of a level.
constexpr std::int64_t kReach = 8;

SourceWindow hull(const SourceWindow& a, const SourceWindow& b) noexcept {
  return SourceWindow::from_edges(std::min(a.col, b.col), std::min(a.row, b.row),
                                  std::max(a.right(), b.right()), std::max(a.bottom(), b.bottom()));
}

/// Of what a row has used so far, what a cell has finished: without the rim that cells beside and
/// below reach (nothing comes from beyond the file's own edge), and with the tiles that the cells
/// above and before it have begun.
SourceWindow finished(const SourceWindow& row, const SourceWindow& cell,
                      const RasterLevel& size) noexcept {
  const auto left = row.col > 0 ? row.col + kReach : 0;
  const auto right = row.right() < size.width ? row.right() - kReach : size.width;
  const auto bottom = row.bottom() < size.height ? row.bottom() - kReach : size.height;
  return SourceWindow::from_edges(std::max(left, cell.col - size.block_width),
                                  std::max<std::int64_t>(0, cell.row - size.block_height),
                                  std::min(right, cell.right() + size.block_width), bottom);
}

/// A window of one level in pixels of another, rounded inward.
SourceWindow scaled(const SourceWindow& w, const RasterLevel& from,
                    const RasterLevel& to) noexcept {
  return SourceWindow::from_edges(
      ceil_div(w.col * to.width, from.width), ceil_div(w.row * to.height, from.height),
      floor_div(w.right() * to.width, from.width), floor_div(w.bottom() * to.height, from.height));
}

}  // namespace

void UsedTiles::widen(const GroupMember& member, int level, const SourceWindow& pixels) {
  Use& use = uses_[{member.number, level}];
  use.pixels = use.reader ? hull(use.pixels, pixels) : pixels;
  use.reader = member.reader;
  use.size = member.file->header.levels[static_cast<std::size_t>(level)];
}

void UsedTiles::note(const GroupMember& member, const SourceWindow& window) {
  const RasterLevel& size = member.size();
  const SourceWindow own = SourceWindow{window.col - member.place.col,
                                        window.row - member.place.row, window.width, window.height}
                               .intersect({0, 0, size.width, size.height});
  if (own.empty()) return;
  widen(member, member.level, own);
  // Names that an overview does not give for sure are read at full resolution.
  if (SourceFinder::asks_neighbours(member))
    widen(member, 0, scaled(own, size, member.file->header.levels.front()));
}

SourceWindow FinishedTiles::widen(const std::pair<int, int>& key, const Row& cell) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Row& row = rows_[key];
  const bool same = row.top == cell.top && row.bottom == cell.bottom;
  row = {cell.top, cell.bottom, same ? hull(row.pixels, cell.pixels) : cell.pixels};
  return row.pixels;
}

void FinishedTiles::add(std::int64_t top, std::int64_t bottom, const UsedTiles& used) {
  for (const auto& [key, use] : used.uses()) {
    const SourceWindow row = widen(key, {top, bottom, use.pixels});
    use.reader->retire(key.second, finished(row, use.pixels, use.size));
  }
}

}  // namespace topobathy
