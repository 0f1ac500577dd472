#pragma once

#include <string>

#include <cpl_string.h>

#include "fusion/fused_raster.h"

/// The metadata domains of a dataset as lists of NAME=VALUE.
namespace topobathy {

constexpr char kSourcesDomain[] = "SOURCES";
constexpr char kDebugDomain[] = "__DEBUG__";
constexpr char kLocationDomain[] = "LocationInfo";

/// Default domain: what was opened.
CPLStringList policy_metadata(const FusedRaster& raster);
/// SOURCES: source id = JSON object with provider, survey, institution, dates, licence, vertical
/// datum.
CPLStringList sources_metadata(FusedRaster& raster);
/// __DEBUG__: counters since open.
CPLStringList debug_metadata(const Counters& counters);

/// A list that can be compared, to be kept for a caller.
struct KeptList {
  CPLStringList list;
  friend bool operator==(const KeptList& a, const KeptList& b);
};

}  // namespace topobathy
