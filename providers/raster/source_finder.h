#pragma once

#include <optional>

#include "providers/raster/catalogue_ids.h"
#include "providers/raster/group_members.h"
#include "providers/raster/name_patch.h"
#include "providers/raster/tile_memo.h"

namespace topobathy {

/// Names the source of a pixel: always by nearest, never interpolated. One a thread.
///
/// Overviews may have been made by averaging: then they hold numbers of surveys that are not there.
/// A pixel of an overview is believed where its number is a known one and at least four of its
/// eight neighbours have the same (a mean that happens to be a known number has no such company).
/// Beside the line between two surveys the nearest believed pixel names, at most two overview
/// pixels away; where there is none, the full resolution is read. So such a line may lie up to two
/// overview pixels off, but no survey is named that is not there.
class SourceFinder {
 public:
  explicit SourceFinder(const CatalogueIds& ids) : ids_(ids) {}

  /// Whether names of this member may be means, so that neighbouring pixels have to confirm them.
  static bool asks_neighbours(const GroupMember& member) noexcept;
  /// The one source that every pixel of these members has, if there is only one.
  std::optional<SourceId> only(const GroupMembers& members) const noexcept;
  /// Looks at all names of `pixels` (of the members' group), which only this member shows, at once.
  /// \returns the one name that they all have, if there is only one
  std::optional<SourceId> look_around(const GroupMember& member, const SourceWindow& pixels);
  /// What at() says of a pixel with a value, from the last look_around(); kNoSource when that does
  /// not tell.
  SourceId around(std::int64_t col, std::int64_t row);
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
  void clear() {
    memo_.clear();
    around_member_ = nullptr;
  }

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
  /// Where a file keeps the names of its pixels.
  struct NameGrid;
  /// Which resolution is asked for names: the one that elevation comes from, or the full one.
  enum class Detail { kSampled, kFull };

  /// A pixel of a member, at the resolution of a grid.
  struct NamePixel {
    const GroupMember* member;
    std::int64_t col, row;
  };

  /// The name of the surface at (col, row), pixels of the members' grid, that `member` shows there.
  SourceId name_at(const GroupMembers& members, const GroupMember& member, double col, double row);
  /// The number that one pixel of a grid gives; NaN when it has none, or is not to be believed.
  float pixel_name(const GroupMembers& members, const NameGrid& grid, const NamePixel& at);
  bool has_company(const GroupMembers& members, const NamePixel& at, float value);
  bool is_known(const GroupMember& member, float value);
  /// A pixel that may lie beyond its member's edge: then of the uppermost other file that goes on
  /// there, if any does.
  std::optional<NamePixel> continued(const GroupMembers& members, NamePixel at) const;
  SourceId nearest(const GroupMembers& members, double col, double row, double reach,
                   Detail detail);
  void look_at_ring(const GroupMembers& members, const GroupMember& member, const NameGrid& grid,
                    double col, double row, std::int64_t ring, Named& nearest);
  SourceId number(const GroupMember& member, float value);

  const CatalogueIds& ids_;
  TileMemo memo_;
  NamePatch around_;
  const GroupMember* around_member_ = nullptr;  ///< null: around_ holds nothing of use
  // The last answer: neighbours mostly share it.
  const CatalogueFile* last_file_ = nullptr;
  float last_value_ = kNoValue;
  SourceId last_id_ = kNoSource;
  const CatalogueFile* known_file_ = nullptr;
  float known_value_ = kNoValue;
};

}  // namespace topobathy
