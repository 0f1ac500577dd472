#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "fusion/policy/policy.h"
#include "providers/align/proj_handles.h"

namespace topobathy {

/// What to add to a height counted from one vertical reference to get it counted from another, in
/// metres up, whatever unit and direction the two CRSs count in (a depth CRS of the same datum
/// shifts by 0). Immutable, cheap to copy, any number of threads may use it at once.
///
/// Only real transformations serve: none that PROJ calls ballpark (it would leave the shift out),
/// none whose grid is missing, none fetched over the network. Of those the best for the area is
/// taken; operation() says which, as it depends on the grids installed.
class VerticalShift {
 public:
  /// `from`, `to`: a vertical CRS ("EPSG:5703"), or a geographic 3D one ("EPSG:4979") for heights
  /// above its ellipsoid; of a compound CRS the vertical member. `horizontal_crs`: of the points.
  /// `area`: where they lie; without it the horizontal CRS's area of use. \throws Error(kUsage) not
  /// such CRSs; Error(kUnsupported) no operation can run, naming the datums and the missing grid
  /// files
  static VerticalShift between(const std::string& horizontal_crs, const std::string& from,
                               const std::string& to,
                               const std::optional<LonLatBox>& area = std::nullopt);

  /// Heights pass unchanged, without PROJ: both are the same reference.
  bool zero() const noexcept;
  const OperationInfo& operation() const noexcept;

  /// x, y in the horizontal CRS (lon/lat order). NaN where the grid has no value: for a pixel that
  /// has a height the caller must treat that as a failure, the height cannot be had in the other
  /// reference. The shift is that of height 0 (between ellipsoids it changes by less than 1e-6 of
  /// the height).
  void offsets(std::size_t n, const double* x, const double* y, double* dz) const;

 private:
  struct State;
  struct Request;
  explicit VerticalShift(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  static std::shared_ptr<const State> make_state(const Request& request);
  std::shared_ptr<const State> state_;
};

}  // namespace topobathy
