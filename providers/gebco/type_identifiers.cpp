#include "providers/gebco/type_identifiers.h"

#include <algorithm>

namespace topobathy {

const std::vector<TypeIdentifier>& type_identifiers() {
  static const std::vector<TypeIdentifier> kAll = {
      {0, "land", "unknown"},
      {10, "single beam echo-sounder", "direct"},
      {11, "multibeam echo-sounder", "direct"},
      {12, "seismic survey", "direct"},
      {13, "isolated sounding", "direct"},
      {14, "sounding of an electronic chart (ENC)", "direct"},
      {15, "bathymetric lidar", "direct"},
      {16, "optical sensor", "direct"},
      {17, "combination of direct measurements", "direct"},
      {40, "predicted from satellite gravity, tied to soundings", "indirect"},
      {41, "interpolated by an algorithm", "indirect"},
      {42, "digital contours of charts", "indirect"},
      {43, "digital contours of electronic charts (ENC)", "indirect"},
      {44, "soundings of another kind, where data constrain the grid", "indirect"},
      {45, "predicted from gravity measured by helicopter or aeroplane", "indirect"},
      {46, "draft of a grounded iceberg", "indirect"},
      {70, "grid made elsewhere, of mixed measured and interpolated data", "unknown"},
      {71, "source not known", "unknown"},
      {72, "steering points, set by hand to guide the surface", "unknown"},
  };
  return kAll;
}

TypeIdentifier type_identifier(int value) {
  const auto& all = type_identifiers();
  const auto known = std::find_if(all.begin(), all.end(),
                                  [&](const TypeIdentifier& one) { return one.value == value; });
  if (known != all.end()) return *known;
  const bool direct = value >= 10 && value <= 17;
  const bool indirect = value >= 40 && value <= 47;
  return {value, "newer than this program", direct ? "direct" : indirect ? "indirect" : "unknown"};
}

std::string type_identifier_name(int value) {
  return "GEBCO 2025 (TID " + std::to_string(value) + ")";
}

}  // namespace topobathy
