#pragma once

#include <memory>
#include <string>
#include <vector>

#include "fusion/policy/policy.h"
#include "providers/datum/grid_file.h"

namespace topobathy {

/// Rings of longitudes and latitudes; a place is inside where an odd number of them is around it.
using Rings = std::vector<std::vector<LonLat>>;

/// One of the coasts that VDatum models by itself.
struct VdatumRegion {
  /// What its surface of sea level (tss) counts from, which decides how heights are composed.
  enum class Kind {
    kNavd88,   ///< frame NAD83: the hybrid geoid, which is NAVD88
    kGravity,  ///< frame IGS08 or IGS14: the gravimetric geoid xGEOID20B
    kIslands,  ///< Puerto Rico, Virgin Islands: the local datums are local mean sea level
  };

  std::string name;    ///< "CAsfbay13_8301"
  std::string folder;  ///< "" = listed by VDatum, but not installed
  LonLatBox box;       ///< west within -180..180, east may pass 180
  Kind kind = Kind::kNavd88;
  Rings rings;                  ///< where it is valid, as far as stated; empty = its box
  std::vector<GridFile> files;  ///< that this was read from, and the folder

  bool contains(const LonLat& place) const noexcept;
  /// The surface's file, "" where the folder has none. Upper or lower case.
  std::string surface(const std::string& suffix) const;
  /// North of GEOID18: its NAVD88 is that of GEOID12B.
  bool alaskan() const noexcept { return box.south > 51.0; }
};

/// NOAA's VDatum grids as its archives unpack: a folder a region, with surfaces (.gtx), a
/// description (.met) and a polygon (.bnd); core/ with geoids; CRD/; tidal_area.inf, which lists
/// all regions, installed or not. Immutable.
struct VdatumBundle {
  std::string root;
  std::vector<VdatumRegion> regions;  ///< the smallest box first, then by name
  Rings columbia;                     ///< where the Columbia River Datum is charted
  std::vector<GridFile> files;        ///< of the folder itself

  /// \param folder the one that holds the regions' folders, or the one above it ("vdatum/" in it).
  /// Shared while its files stay as they are. \throws Error(kNotFound), Error(kUnreadable)
  static std::shared_ptr<const VdatumBundle> open(const std::string& folder);
};

bool is_inside(const Rings& rings, const LonLat& place) noexcept;

}  // namespace topobathy
