#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "fusion/policy/policy.h"
#include "providers/align/transformer.h"

namespace topobathy {

/// Places of a horizontal CRS as longitudes and latitudes of another geographic frame, to look up
/// grids of heights there. Only operations without grids serve, so that no height depends on which
/// horizontal grids are installed; where PROJ knows none the places stay in their own frame. The
/// frames are some hundred metres apart at most (NAD27, Tokyo) and mostly one or two: centimetres
/// of a geoid in the first case, tenths of a millimetre in the second. Immutable, thread-safe.
class Positions {
 public:
  /// \throws Error(kUsage) unknown CRSs
  Positions(const std::string& horizontal_crs, const std::string& frame,
            const std::optional<LonLatBox>& area, const ProjSetup& setup);

  /// In place. A point without an image becomes NaN.
  void transform(std::size_t n, double* x, double* y) const;

 private:
  std::optional<Transformer> to_lonlat_;           ///< a projection undone, no datum changed
  std::shared_ptr<const ProjOperation> to_frame_;  ///< null: they stay as they are
};

}  // namespace topobathy
