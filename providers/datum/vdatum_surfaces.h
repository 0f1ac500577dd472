#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "providers/datum/gtx_grid.h"
#include "providers/datum/vdatum_bundle.h"

namespace topobathy {

/// What is added up for the height of one datum above another in one region: surfaces with their
/// signs, and how often the change of an ellipsoid's height from NAD83(2011) to ITRF2014.
struct SurfaceSum {
  struct Term {
    std::shared_ptr<const GtxGrid> grid;
    double sign = 1.0;
  };
  std::vector<Term> terms;
  double frame_changes = 0.0;

  /// NaN where a grid has no value. `frame_change`: there, metres.
  double at(const LonLat& place, double frame_change) const;
};

/// The suffix of a tidal datum's file in a region's folder ("mllw"); "" for local mean sea level,
/// which the surfaces count from; nothing for what is no tidal datum of VDatum's.
std::optional<std::string> tidal_suffix(const std::string& canonical);

/// Height of `from` above `to` (canonical datums; see VdatumShift) in a region that is installed;
/// nothing where the region does not have one of them. \throws Error(kUnsupported): a file that
/// every region has, or a geoid, is missing; Error(kUnreadable)
std::optional<SurfaceSum> surface_sum(const VdatumBundle& bundle, const VdatumRegion& region,
                                      const std::string& from, const std::string& to);

/// Of the Columbia River Datum above NAVD88. \throws the same
SurfaceSum columbia_sum(const VdatumBundle& bundle, double sign);

}  // namespace topobathy
