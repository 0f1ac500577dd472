#pragma once

#include <optional>
#include <string>

#include "fusion/policy/policy.h"

namespace topobathy {

/// What a CUDEM file name says: ncei19_n40x75_w074x00_2015v1 is the 1/9 arc-second tile whose
/// north-west corner is 40.75 N, 74.00 W, edition 2015, version 1. An X is as good as an x.
struct CudemName {
  std::string cell;  ///< "ncei19_n40x75_w074x00", lower case: the same for all editions
  int year = 0;
  int version = 0;
  /// The quarter degree south-east of the corner and the tiles' overlap. (That the corner is the
  /// north-west one: 689 footprints in NCEI's THREDDS catalogue.) Only for want of a polygon.
  LonLatBox box;
};

/// Of a file name without folder and extension; nothing when it is no such name.
std::optional<CudemName> parse_cudem_name(const std::string& stem);

}  // namespace topobathy
