#include "providers/ncei_cudem/cudem_name.h"

#include <regex>

#include "providers/coastal/published_names.h"

namespace topobathy {
namespace {

constexpr double kEdge = 0.25;  ///< degrees
constexpr double kOverlap =
    0.001;  ///< degrees; real tiles overlap by 0.0002 (1/9") or 0.0005 (1/3")

double degrees(const std::string& sign, const std::string& whole, const std::string& hundredths) {
  const double value = std::stod(whole) + std::stod(hundredths) / 100.0;
  return sign == "s" || sign == "w" ? -value : value;
}

}  // namespace

std::optional<CudemName> parse_cudem_name(const std::string& stem) {
  static const std::regex kShape(
      "((ncei[0-9]{2})_([ns])([0-9]{2})x([0-9]{2})_([ew])([0-9]{3})x([0-9]{2}))"
      "_([0-9]{4})v([0-9]{1,4})");
  const std::string name = coastal::lower_case(stem);
  std::smatch part;
  if (name.size() > 100 || !std::regex_match(name, part, kShape)) return std::nullopt;
  CudemName parsed;
  parsed.cell = part[1];
  parsed.year = std::stoi(part[9]);
  parsed.version = std::stoi(part[10]);
  const double north = degrees(part[3], part[4], part[5]);
  const double west = degrees(part[6], part[7], part[8]);
  parsed.box = {west - kOverlap, north - kEdge - kOverlap, west + kEdge + kOverlap,
                north + kOverlap};
  return parsed;
}

}  // namespace topobathy
