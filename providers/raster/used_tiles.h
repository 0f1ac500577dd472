#pragma once

#include <map>
#include <utility>

#include "providers/raster/group_members.h"

namespace topobathy {

/// The pixels of files that the blocks of one cell were made of. Cells beside it hardly ask again
/// for tiles that lie wholly within them: the tile cache may drop those first. Changes no value.
class UsedTiles {
 public:
  /// A block took pixels of `window` (of the member's group) from the member.
  void note(const GroupMember& member, const SourceWindow& window);
  /// Tells the readers, and forgets.
  void retire();

 private:
  struct Use {
    BlockReader* reader = nullptr;
    RasterLevel size;
    SourceWindow pixels;  ///< of the level
  };
  void widen(const GroupMember& member, int level, const SourceWindow& pixels);

  std::map<std::pair<int, int>, Use> uses_;  ///< by file and level
};

}  // namespace topobathy
