#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fusion/policy/policy.h"

namespace topobathy {

/// One of NCEI's sets of CUDEM tiles: a folder of the coastal lidar bucket.
struct CudemProduct {
  const char* name;    ///< in policies
  const char* folder;  ///< below dem/
  const char* list;    ///< file that lists the tiles
  const char* index;   ///< zip with their polygons, where the folder's listing names no other
  double resolution;   ///< metres along a meridian
  bool navd88;         ///< heights count from NAVD88, but for islands; else from local datums
};

/// The product a step asks for.
const CudemProduct& cudem_product(const Step& step);

/// All of them.
const std::vector<CudemProduct>& cudem_products();

}  // namespace topobathy
