#include "providers/raster/metres_up.h"

#include <array>
#include <string>

#include <cpl_string.h>
#include <gdal_priv.h>

namespace topobathy {
namespace {

/// Metres in the unit that a band states. A unit that means no length, or none, is taken for
/// metres.
double unit_in_metres(const std::string& unit) {
  struct Unit {
    const char* name;
    double metres;
  };
  constexpr double kFoot = 0.3048, kSurveyFoot = 1200.0 / 3937.0;
  constexpr std::array kUnits = {
      Unit{"ft", kFoot},
      Unit{"foot", kFoot},
      Unit{"feet", kFoot},
      Unit{"international foot", kFoot},
      Unit{"us-ft", kSurveyFoot},
      Unit{"ftUS", kSurveyFoot},
      Unit{"US survey foot", kSurveyFoot},
      Unit{"US survey feet", kSurveyFoot},
      Unit{"foot_survey_us", kSurveyFoot},
      Unit{"fathom", 6 * kFoot},
      Unit{"cm", 0.01},
      Unit{"centimetre", 0.01},
      Unit{"centimeter", 0.01},
      Unit{"km", 1000.0},
  };
  for (const Unit& known : kUnits)
    if (EQUAL(unit.c_str(), known.name)) return known.metres;
  return 1.0;
}

/// CF: a band of depths says so by `positive` or by its standard name.
bool counts_down(GDALRasterBand& band) {
  const char* const positive = band.GetMetadataItem("positive");
  if (positive != nullptr) return EQUAL(positive, "down");
  const char* const name = band.GetMetadataItem("standard_name");
  return name != nullptr && (EQUAL(name, "depth") || STARTS_WITH_CI(name, "sea_floor_depth_below"));
}

}  // namespace

double metres_up(GDALRasterBand& band) {
  const double metres = unit_in_metres(band.GetUnitType());
  return counts_down(band) ? -metres : metres;
}

}  // namespace topobathy
