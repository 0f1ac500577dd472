#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "fusion/policy/policy.h"
#include "providers/align/proj_handles.h"

namespace topobathy {

/// A box of CRS coordinates, left <= right and bottom <= top. In a CRS that is cyclic in x
/// (geographic, web Mercator) left lies within the CRS's own world [-180, 180) and right may pass
/// its edge: a box over the antimeridian is 170..190, one run of lattice columns.
struct CrsBox {
  double left = 0.0;
  double bottom = 0.0;
  double right = 0.0;
  double top = 0.0;
};

/// The same box in the convention of policies (west > east across the antimeridian), and back.
LonLatBox to_lonlat_box(const CrsBox& box) noexcept;
CrsBox to_crs_box(const LonLatBox& box) noexcept;

/// Horizontal coordinates of one CRS in another, in x/y (lon/lat) order and the CRSs' own units
/// (degrees). Immutable, cheap to copy, any number of threads may use it at once.
///
/// One operation serves all points: PROJ's best for the two CRSs and the area of interest among
/// those whose grids are installed. (Choosing again for each point, as PROJ and GDAL offer, makes
/// steps of up to metres in the middle of a survey where the areas of use of two operations meet;
/// choosing by a batch makes a pixel depend on its neighbours.) Each point is transformed on its
/// own: its bits never depend on the batch, its order or the thread.
class Transformer {
 public:
  /// `area`: where the data lie, e.g. the union of the footprints of one CRS; rounded outward to
  /// whole degrees, so that neighbours share an operation. Without it PROJ takes the CRSs' areas of
  /// use. \throws Error(kUsage) unknown CRS; Error(kUnsupported) no operation can be run
  Transformer(const std::string& source_crs, const std::string& target_crs,
              const std::optional<LonLatBox>& area = std::nullopt);

  /// The coordinates pass unchanged (same CRS, or datums without a known difference).
  bool identity() const noexcept;
  /// Which operation was chosen.
  const OperationInfo& operation() const noexcept;

  /// In place. A point without an image becomes (NaN, NaN).
  void transform(std::size_t n, double* x, double* y) const;

  /// The box around a box's image: 65 points along each edge, and where an edge bends between them
  /// its estimated extreme (a straight edge is met exactly). A pole inside is found, latitudes
  /// clamp to 90 degrees, web Mercator to its square world. Of a cyclic source, right < left is
  /// taken as crossing its edge. Nothing where no point of the edges has an image.
  std::optional<CrsBox> transform_box(const CrsBox& box) const;

 private:
  struct State;
  static std::shared_ptr<const State> make_state(const std::string& source_crs,
                                                 const std::string& target_crs,
                                                 const std::optional<LonLatBox>& area);
  std::shared_ptr<const State> state_;
};

}  // namespace topobathy
