#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "providers/raster/raster_catalogue.h"

namespace topobathy {

enum class BandRole { kElevation, kUncertainty };

/// A file of a group at the resolution a block is sampled from.
struct GroupMember {
  const CatalogueFile* file = nullptr;
  int number = 0;  ///< of the file in the catalogue
  BlockReader* reader = nullptr;
  int level = 0;
  GridPlace place;  ///< of the level in the group
  /// Where its contributors are read. Overviews made by averaging hold numbers of surveys that are
  /// not there: then at full resolution.
  int source_level = 0;
  double source_across = 1.0;  ///< pixels of that level in one of `level`
  double source_down = 1.0;
  std::vector<int> siblings;      ///< bands that are wanted together
  std::optional<double> minimum;  ///< limits of the step's filter, metres
  std::optional<double> maximum;

  const RasterLevel& size() const noexcept {
    return file->header.levels[static_cast<std::size_t>(level)];
  }
  /// A value within the limits; false for NaN.
  bool shows(float value) const noexcept {
    return value >= static_cast<float>(minimum.value_or(-1e30)) &&
           value <= static_cast<float>(maximum.value_or(1e30));
  }
  int band(BandRole role) const noexcept {
    return role == BandRole::kElevation ? file->elevation_band : file->uncertainty_band;
  }
};

/// The files that can touch one block, lowest priority first.
struct GroupMembers {
  const GridGroup* group = nullptr;
  std::vector<GroupMember> members;
};

/// Those of them that have a value there.
struct Contributors {
  const GridGroup* group = nullptr;
  std::vector<const GroupMember*> members;
};

}  // namespace topobathy
