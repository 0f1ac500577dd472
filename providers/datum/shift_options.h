#pragma once

#include <string>

#include "providers/align/proj_handles.h"

namespace topobathy {

class Endpoints;

/// Where the grids that heights are shifted with come from.
struct ShiftOptions {
  std::string vdatum;  ///< folder of NOAA's VDatum surfaces, "" = none
  ProjSetup proj;
};

/// As the configuration (GDAL's options, or the environment) says: TOPOBATHY_VDATUM_DIR,
/// TOPOBATHY_PROJ_DATA (directories, separated as in PATH), TOPOBATHY_PROJ_NETWORK (ON: grids of
/// https://cdn.proj.org, which `endpoints` may map elsewhere, are read piece by piece). With
/// `offline` never the network.
ShiftOptions shift_options(bool offline, const Endpoints& endpoints);

/// The same where the CDN is asked under its own name.
ShiftOptions shift_options(bool offline);

}  // namespace topobathy
