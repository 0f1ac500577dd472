#pragma once

#include <algorithm>
#include <cmath>
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
  GridPlace place;                ///< of the level in the group
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

  /// A column of the group in the member's own pixels, the turn round the world taken out.
  double column_in(const GroupMember& member, double col) const noexcept {
    const double own = col - static_cast<double>(member.place.col);
    const auto period = static_cast<double>(group->period);
    return period > 0 ? own - period * std::floor(own / period) : own;
  }
  /// Whether a position of the group lies on some member, or at most `slack` pixels beside it.
  bool hold(double col, double row, double slack) const noexcept {
    return std::any_of(members.begin(), members.end(), [&](const GroupMember& member) {
      const double own_col = column_in(member, col);
      const double own_row = row - static_cast<double>(member.place.row);
      return own_col >= -slack && own_row >= -slack &&
             own_col <= static_cast<double>(member.size().width) + slack &&
             own_row <= static_cast<double>(member.size().height) + slack;
    });
  }
};

}  // namespace topobathy
