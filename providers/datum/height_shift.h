#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "fusion/policy/policy.h"
#include "providers/datum/shift_options.h"

namespace topobathy {

/// How heights are shifted, for provenance and revisions.
struct ShiftInfo {
  /// Identifies the operation and its grids with their size and time: another text, another shift.
  std::string definition;
  std::string pipeline;    ///< for people: "VDatum MLLW to NAVD88, Inverse of NAD83(2011) to ..."
  double accuracy = -1.0;  ///< metres, of all parts (root of the sum of squares); -1 = unknown
};

/// What to add to a height counted from one datum to get it counted from another, metres up: by
/// NOAA's VDatum surfaces for tidal datums, by PROJ for all others (see VerticalShift), or by both
/// in a row. Immutable, cheap to copy, any number of threads may use it at once.
///
/// Which operation serves depends on the datums and the area alone. A grid that it needs and that
/// is not there is an error that names it; it is never a reason to take a worse one.
class HeightShift {
 public:
  /// `from`, `to`: what canonical_heights() reads; only the datum counts, values are heights. Of
  /// "ellipsoid" the frame is that of the points. `area`: where the source (not a window) lies.
  /// What was made before is shared, as long as its grids are the same: cheap to ask again.
  /// \throws Error(kUsage) an unknown datum; Error(kUnsupported) no operation, or a grid is
  /// missing; Error(kUnreadable) a grid that cannot be used
  static HeightShift between(const std::string& horizontal_crs, const std::string& from,
                             const std::string& to, const ShiftOptions& options,
                             const std::optional<LonLatBox>& area = std::nullopt);

  /// Heights pass unchanged: both are the same datum.
  bool zero() const noexcept;
  const ShiftInfo& info() const noexcept;

  /// x, y in the horizontal CRS (lon/lat order). NaN where the grids have no value: for a pixel
  /// that has a height the caller must treat that as a failure. Each point on its own: never
  /// dependent on the batch. \throws Error(kUnreadable): a grid cannot be read any more (the
  /// network); Error(kUnsupported): VDatum has a region for a point that is not installed
  void offsets(std::size_t n, const double* x, const double* y, double* dz) const;

 private:
  struct State;
  static std::shared_ptr<const State> make_state(const std::string& horizontal_crs,
                                                 const std::string& from, const std::string& to,
                                                 const ShiftOptions& options,
                                                 const std::optional<LonLatBox>& area);
  explicit HeightShift(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

}  // namespace topobathy
