#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fusion/policy/policy.h"
#include "providers/align/proj_handles.h"
#include "providers/datum/grid_file.h"

namespace topobathy {

/// What to add to a height counted from one vertical reference to get it counted from another, in
/// metres up, whatever unit and direction the two CRSs count in (a depth CRS of the same datum
/// shifts by 0), by PROJ. Immutable, cheap to copy, any number of threads may use it at once.
///
/// The operation is PROJ's best for the two references and the area as if every published grid were
/// installed, each reference in its home_frame(): where its grid is missing that is an error, never
/// a reason to take another one, so that two machines shift alike or one of them refuses. Not
/// considered: operations that PROJ calls ballpark (they leave the shift out), and those that need
/// a file nobody publishes for PROJ.
class VerticalShift {
 public:
  /// `from`, `to`: a vertical CRS ("EPSG:5703"), or a geographic 3D one ("EPSG:4979") for heights
  /// above its ellipsoid; of a compound CRS the vertical member. `horizontal_crs`: of the points.
  /// `area`: where the sources (not a window) lie; without it the horizontal CRS's area of use.
  /// \throws Error(kUsage) not such CRSs; Error(kUnsupported) no operation, or its grid is missing:
  /// named with how to get it; Error(kUnreadable) PROJ cannot use the grid
  static VerticalShift between(const std::string& horizontal_crs, const std::string& from,
                               const std::string& to,
                               const std::optional<LonLatBox>& area = std::nullopt,
                               const ProjSetup& setup = {});

  /// Heights pass unchanged, without PROJ: both are the same reference.
  bool zero() const noexcept;
  const OperationInfo& operation() const noexcept;
  /// The grids that operation() reads.
  const std::vector<GridFile>& grids() const noexcept;

  /// x, y in the horizontal CRS (lon/lat order). NaN where the grid has no value: for a pixel that
  /// has a height the caller must treat that as a failure, the height cannot be had in the other
  /// reference. The shift is that of height 0 (between ellipsoids it changes by less than 1e-6 of
  /// the height). \throws Error(kUnreadable): a grid cannot be read any more (the
  /// network), or is another file now
  void offsets(std::size_t n, const double* x, const double* y, double* dz) const;

 private:
  struct State;
  struct Request;
  explicit VerticalShift(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  static std::shared_ptr<const State> make_state(const Request& request);
  std::shared_ptr<const State> state_;
};

}  // namespace topobathy
