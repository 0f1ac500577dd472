#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fusion/policy/policy.h"
#include "providers/datum/grid_file.h"
#include "providers/datum/shift_options.h"

namespace topobathy {

/// Heights between the datums that NOAA's VDatum has surfaces of: MLLW, MLW, MTL, DTL, MHW, MHHW,
/// local mean sea level (EPSG:5714), LWD, and NAVD88 (in Puerto Rico and the Virgin Islands PRVD02
/// and VIVD09 in its place); CRD to and from NAVD88. Immutable, thread-safe.
///
/// Each surface T is a datum's height above local mean sea level (LMSL), so a height above one is
/// one above another by adding the difference of their surfaces. NAVD88 lies above LMSL by
///     tss                     in regions of frame NAD83,
///     N + d - X + tss         in regions of frame IGS08 or IGS14, whose tss counts from xGEOID20B:
///                             N the hybrid geoid (GEOID18; in Alaska GEOID12B), d what an
///                             ellipsoid's height gains from NAD83(2011) to ITRF2014, X xGEOID20B;
/// PRVD02 and VIVD09 are LMSL. (Composition found by comparing with the stations of NOAA's CO-OPS;
/// 19 of 22 within 4 cm.) Of the regions around a place the smallest box counts that has all values
/// there; a region's polygon, where there is one, limits it.
class VdatumShift {
 public:
  /// What NOAA states of such a shift, 1 sigma, metres.
  static constexpr double kAccuracy = 0.09;

  /// Whether heights above this datum (canonical) can be had from VDatum only.
  static bool is_tidal(const std::string& canonical);
  /// Which of "EPSG:5703" and "EPSG:6641" to go through there to other datums.
  static std::string hub(const std::optional<LonLatBox>& area);

  /// `from`, `to`: canonical, not the same. \throws Error(kUnsupported): no VDatum folder, no
  /// surfaces there, a file of the archive is missing; Error(kUnreadable)
  static VdatumShift between(const std::string& horizontal_crs, const std::string& from,
                             const std::string& to, const ShiftOptions& options,
                             const std::optional<LonLatBox>& area);

  /// As HeightShift::offsets(). \throws Error(kUnsupported): a region of VDatum's list is not
  /// installed, and it may be the one that counts at a point
  void offsets(std::size_t n, const double* x, const double* y, double* dz) const;

  const std::string& name() const noexcept;
  const std::string& definition() const noexcept;
  const std::vector<GridFile>& files() const noexcept;

 private:
  struct State;
  explicit VdatumShift(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

}  // namespace topobathy
