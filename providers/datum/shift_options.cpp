#include "providers/datum/shift_options.h"

#include <cpl_conv.h>
#include <cpl_string.h>

namespace topobathy {

const char kProjCdn[] = "https://cdn.proj.org";

ShiftOptions shift_options(bool offline) {
  ShiftOptions options;
  options.vdatum = CPLGetConfigOption("TOPOBATHY_VDATUM_DIR", "");
  const CPLStringList directories(
      CSLTokenizeString2(CPLGetConfigOption("TOPOBATHY_PROJ_DATA", ""), ":", 0));
  for (int i = 0; i < directories.size(); ++i)
    options.proj.grid_directories.emplace_back(directories[i]);
  if (!offline && CPLTestBool(CPLGetConfigOption("TOPOBATHY_PROJ_NETWORK", "OFF")))
    options.proj.network = kProjCdn;
  return options;
}

}  // namespace topobathy
