#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <utility>

#include "providers/raster/group_members.h"

namespace topobathy {

/// The pixels of files that the blocks of one cell were made of. One a thread.
class UsedTiles {
 public:
  struct Use {
    BlockReader* reader = nullptr;
    RasterLevel size;
    SourceWindow pixels;  ///< of the level
  };
  using Uses = std::map<std::pair<int, int>, Use>;  ///< by file and level

  /// A block took pixels of `window` (of the member's group) from the member.
  void note(const GroupMember& member, const SourceWindow& window);
  const Uses& uses() const noexcept { return uses_; }

 private:
  void widen(const GroupMember& member, int level, const SourceWindow& pixels);

  Uses uses_;
};

/// What the cells of one row of a layer have used between them. Rasters are read from the top down:
/// tiles above the row's lower edge are hardly asked for again, and the tile cache may drop them
/// first. A wrong guess costs a decode and changes no value. Thread-safe.
class FinishedTiles {
 public:
  /// A cell, or the part of one, in lattice rows [top, bottom) is made.
  void add(std::int64_t top, std::int64_t bottom, const UsedTiles& used);

 private:
  struct Row {
    std::int64_t top = 0, bottom = 0;
    SourceWindow pixels;
  };
  SourceWindow widen(const std::pair<int, int>& key, const Row& cell);

  std::mutex mutex_;
  std::map<std::pair<int, int>, Row> rows_;  ///< by file and level
};

}  // namespace topobathy
