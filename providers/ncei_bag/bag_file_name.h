#pragma once

#include <string>

#include "providers/archive/asset.h"

namespace topobathy {

/// What NCEI's names of BAG files tell: <survey>_<method>_<resolution>_<datum>[_<n>of<m>], e.g.
/// H12696_MB_50cm_MLLW_1of3. What a name does not tell is empty or 0.
struct BagFileName {
  std::string survey;        ///< "H12696"; the whole stem where it names none
  std::string method;        ///< "MB", "VB", "LI", ...
  double resolution = 0.0;   ///< metres
  bool is_variable = false;  ///< a variable-resolution BAG
  std::string datum;         ///< as NCEI spells it: "MLLW", "Ellipsoid", ...
  int part = 0;              ///< n of m
  int parts = 0;
};

/// \param stem the file name without .bag
BagFileName parse_bag_file_name(const std::string& stem);

/// What heights to a datum of a file name count from. EPSG writes some of the datums as depths; a
/// BAG's values are heights all the same. Where the name tells no datum: MLLW, to which NOAA's
/// hydrographic surveys are reduced, assumed. Ellipsoidal heights count from NAD83(2011), assumed
/// too: the name does not tell the frame. Low-water datums of lakes and rivers have no code.
HeightStatement heights_of_datum(const std::string& datum);

}  // namespace topobathy
