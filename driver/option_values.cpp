#include "driver/option_values.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <cpl_conv.h>
#include <cpl_string.h>

#include "fusion/error.h"
#include "fusion/policy/nearest.h"

namespace topobathy {
namespace {

[[noreturn]] void refuse(const std::string& option, const std::string& value,
                         const std::string& why) {
  throw Error(ErrorCode::kUsage, "Open option " + option + "=" + value + ": " + why);
}

std::vector<std::string> split_at_commas(const std::string& value) {
  const CPLStringList parts(CSLTokenizeString2(
      value.c_str(), ",", CSLT_ALLOWEMPTYTOKENS | CSLT_STRIPLEADSPACES | CSLT_STRIPENDSPACES));
  return {parts.List(), parts.List() + parts.size()};
}

BandKind read_band(const std::string& option, const std::string& value, const std::string& name) {
  std::vector<std::string> names;
  for (const BandKind kind :
       {BandKind::kElevation, BandKind::kUncertainty, BandKind::kContributor}) {
    if (EQUAL(name.c_str(), band_name(kind))) return kind;
    names.emplace_back(band_name(kind));
  }
  const std::string nearest = nearest_name(name, names);
  refuse(option, value,
         "no band is called \"" + name + "\"; " +
             (nearest.empty() ? "bands are Elevation, Uncertainty and Contributor"
                              : "did you mean " + nearest + "?"));
}

}  // namespace

double read_number(const std::string& option, const std::string& value) {
  char* end = nullptr;
  const double number = CPLStrtod(value.c_str(), &end);
  if (value.empty() || *end != '\0' || !std::isfinite(number))
    refuse(option, value, "not a number");
  return number;
}

bool read_boolean(const std::string& option, const std::string& value) {
  for (const char* yes : {"YES", "TRUE", "ON", "1"})
    if (EQUAL(value.c_str(), yes)) return true;
  for (const char* no : {"NO", "FALSE", "OFF", "0"})
    if (EQUAL(value.c_str(), no)) return false;
  refuse(option, value, "give YES or NO");
}

LonLatBox read_box(const std::string& option, const std::string& value) {
  const std::vector<std::string> parts = split_at_commas(value);
  if (parts.size() != 4) refuse(option, value, "give four numbers: west,south,east,north");
  double edges[4];
  std::transform(parts.begin(), parts.end(), edges,
                 [&](const std::string& part) { return read_number(option, part); });
  const LonLatBox box{edges[0], edges[1], edges[2], edges[3]};
  if (box.south >= box.north) refuse(option, value, "south must be below north");
  if (box.west == box.east) refuse(option, value, "west and east are the same");
  return box;
}

std::vector<BandKind> read_bands(const std::string& option, const std::string& value) {
  std::vector<BandKind> bands;
  for (const std::string& name : split_at_commas(value)) {
    const BandKind kind = read_band(option, value, name);
    if (std::find(bands.begin(), bands.end(), kind) != bands.end())
      refuse(option, value, std::string(band_name(kind)) + " is given twice");
    bands.push_back(kind);
  }
  if (bands.empty()) refuse(option, value, "name at least one band");
  return bands;
}

float read_nodata(const std::string& option, const std::string& value) {
  if (EQUAL(value.c_str(), "nan")) return kNoValue;
  const double number = read_number(option, value);
  // The neighbours of Float32's limit are what people copy from other files; any other rounding
  // would hide a typing error.
  const float nodata = static_cast<float>(number);
  if (!std::isfinite(nodata) ||
      std::abs(number - static_cast<double>(nodata)) > 1e-6 * std::abs(number))
    refuse(option, value, "Float32 cannot hold this number");
  return nodata;
}

int read_threads(const std::string& option, const std::string& value) {
  constexpr int kMostThreads = 1024;
  if (EQUAL(value.c_str(), "ALL_CPUS")) return 0;
  const double number = read_number(option, value);
  if (number < 1 || number > kMostThreads || number != std::floor(number))
    refuse(option, value, "give ALL_CPUS or a whole number from 1 to 1024");
  return static_cast<int>(number);
}

}  // namespace topobathy
