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
  std::optional<SourceId> only(const GroupMembers& members) const noexcept;
  /// The source at (col, row), pixels of the members' grid: of the uppermost file that is valid
  /// there, else of the nearest named pixel within about `reach`, whichever file holds it (tiles of
  /// one survey answer as the unsplit file would). kNoSource when no file can say.
  SourceId at(const GroupMembers& members, double col, double row, double reach);
  /// Elevation and uncertainty of the uppermost file that has an elevation at (col, row); NaN where
  /// none has one. \param with_uncertainty else it is left NaN unread
  struct Sounding {
    float elevation = kNoValue;
    float uncertainty = kNoValue;
  };
  Sounding sounding_at(const GroupMembers& members, double col, double row, bool with_uncertainty);
  void clear() { memo_.clear(); }

 private:
  /// A pixel that names its source, and how far it is, pixels of the members' grid.
  struct Named {
    const GroupMember* member = nullptr;
    float value = kNoValue;  ///< of the band of contributors, if the file has one
    double distance = 1e300;
    std::int64_t row = 0, col = 0;
  };

  /// The member's elevation, NaN beyond its limits.
  float elevation_of(const GroupMember& member, double col, double row);
  SourceId nearest(const GroupMembers& members, double col, double row, double reach);
  void look_at_ring(const GroupMember& member, double col, double row, double reach,
                    std::int64_t ring, Named& nearest);
  SourceId number(const GroupMember& member, float value);

  const CatalogueIds& ids_;
  TileMemo memo_;
  // The last answer: neighbours mostly share it.
  const CatalogueFile* last_file_ = nullptr;
  float last_value_ = kNoValue;
  SourceId last_id_ = kNoSource;
};

}  // namespace topobathy
