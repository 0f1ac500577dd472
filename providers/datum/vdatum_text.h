#pragma once

#include <map>
#include <string>

#include "fusion/policy/policy.h"
#include "providers/datum/vdatum_bundle.h"

/// The small text files of NOAA's VDatum archives. Everything \throws Error(kUnreadable) naming the
/// file for what is not as NOAA writes it.
namespace topobathy {

/// "key=value" lines of a region's description; '#' begins a remark.
using VdatumFacts = std::map<std::string, std::string>;
VdatumFacts read_facts(const std::string& path);
/// Of tidal_area.inf, "REGION.key=value": the facts of each region.
std::map<std::string, VdatumFacts> read_listed_facts(const std::string& path);

/// minlon, maxlon, minlat, maxlat; longitudes of any turn.
LonLatBox region_box(const VdatumFacts& facts, const std::string& path);
/// horz: NAD83, or a frame of the ITRF family (IGS08, IGS14).
bool is_nad83_frame(const VdatumFacts& facts, const std::string& path);

/// A polygon (.bnd): a longitude and a latitude a line, further columns are flags; a ring ends
/// where it meets its first point again.
Rings read_rings(const std::string& path);

}  // namespace topobathy
