#pragma once

#include <optional>
#include <vector>

#include "providers/raster/group_members.h"

namespace topobathy {

/// The numbers of a contributor band around one block, looked at once instead of pixel by pixel.
/// Holds buffers: one a thread.
class NamePatch {
 public:
  /// Takes `pixels` (of the members' group) and a rim of one pixel. \returns false, and holds
  /// nothing, when they do not lie wholly on the member, or the member has no such band
  bool read(const GroupMember& member, const SourceWindow& pixels);
  void clear() noexcept { window_ = {}; }

  /// The number that all pixels have, the rim's too.
  std::optional<float> only() const noexcept;
  /// Marks the pixels whose number at least `company` of their eight neighbours share.
  void confirm(int company);
  /// The number of a pixel of the group; NaN where it is not confirmed or not held.
  float at(std::int64_t col, std::int64_t row) const noexcept {
    if (!window_.contains(col, row)) return kNoValue;
    return confirmed_[static_cast<std::size_t>((row - window_.row) * window_.width + col -
                                               window_.col)];
  }

 private:
  SourceWindow window_;           ///< without the rim
  std::vector<float> values_;     ///< with the rim
  std::vector<float> confirmed_;  ///< without it
};

}  // namespace topobathy
