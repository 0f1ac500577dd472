#pragma once

#include <optional>

#include "providers/raster/catalogue_ids.h"
#include "providers/raster/group_members.h"
#include "providers/raster/tile_memo.h"

namespace topobathy {

/// Names the source of a pixel: always by nearest, never interpolated. One a thread.
class SourceFinder {
 public:
  explicit SourceFinder(const CatalogueIds& ids) : ids_(ids) {}

  /// The one source that every pixel of these members has, if there is only one.
  std::optional<SourceId> only(const Contributors& members) const noexcept;
  /// The source at (col, row), pixels of the members' grid: of the uppermost file that is valid
  /// there, else of the uppermost that has something within `reach` pixels. kNoSource when no file
  /// can say.
  SourceId at(const Contributors& members, double col, double row, double reach);
  /// The uppermost file's elevation at (col, row), NaN where none has one.
  float elevation_at(const GroupMembers& members, double col, double row);
  void clear() { memo_.clear(); }

 private:
  float elevation_of(const GroupMember& member, double col, double row);
  SourceId of_member(const GroupMember& member, double col, double row, double reach);
  SourceId contributor(const GroupMember& member, double col, double row, double reach);
  float nearest_contributor(const GroupMember& member, int level, double col, double row,
                            double reach);
  SourceId of_value(const GroupMember& member, float value);
  SourceId number(const GroupMember& member, float value);

  const CatalogueIds& ids_;
  TileMemo memo_;
  // The last answer: neighbours mostly share it.
  const CatalogueFile* last_file_ = nullptr;
  float last_value_ = kNoValue;
  SourceId last_id_ = kNoSource;
};

}  // namespace topobathy
