#include "providers/usgs_lidar/survey_facts.h"

#include <cctype>
#include <cmath>

namespace topobathy {
namespace {

constexpr double kDegree = 0.017453292519943295;
constexpr double kMetresOfDegree = 111320.0;

bool digit(const std::string& text, std::size_t at) {
  return at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0;
}
bool letter(const std::string& text, std::size_t at) {
  return at < text.size() && std::isalpha(static_cast<unsigned char>(text[at])) != 0;
}

}  // namespace

void describe_survey(Asset& asset, const std::string& survey) {
  SourceRecord& record = asset.record;
  record.provider = "usgs_lidar";
  record.key = "survey:" + survey;
  record.survey_id = survey;
  record.institution = "U.S. Geological Survey";
  record.license_name = "U.S. Public Domain";
  record.license_url =
      "https://www.usgs.gov/information-policies-and-instructions/copyrights-and-credits";
  record.resolution = asset.resolution;
  asset.project = survey;
  state_heights(asset, "EPSG:5703", StatedBy::kProvider);
}

void state_heights(Asset& asset, const std::string& vertical_crs, StatedBy by) {
  // NAVD88 in feet: our grids are in metres.
  const bool navd88 =
      vertical_crs == "EPSG:5703" || vertical_crs == "EPSG:6360" || vertical_crs == "EPSG:8228";
  asset.heights = {navd88 ? "EPSG:5703" : vertical_crs, by};
  asset.record.vertical_datum = navd88 ? "NAVD88" : vertical_crs;
  asset.record.vertical_basis = by == StatedBy::kArchive ? "archive" : "assumed";
}

int year_of_project(const std::string& name) {
  for (std::size_t at = 0; at + 4 <= name.size(); ++at) {
    std::size_t length = 0;
    while (digit(name, at + length))
      ++length;
    if (length == 4) {
      const int year = std::stoi(name.substr(at, 4));
      if (year >= 1990 && year < 2090) return year;
    }
    at += length;
  }
  for (std::size_t at = 0; at + 3 <= name.size(); ++at) {
    const bool begins = at == 0 || !letter(name, at - 1);
    const bool ends = at + 3 == name.size() || (!digit(name, at + 3) && !letter(name, at + 3));
    if (begins && ends && letter(name, at) && digit(name, at + 1) && digit(name, at + 2))
      return 2000 + std::stoi(name.substr(at + 1, 2));
  }
  return 0;
}

double mean_spacing(double area, double points) {
  return points > 0.0 && area > 0.0 ? std::sqrt(area / points) : 0.0;
}

double square_metres(const LonLatBox& box) {
  const double height = (box.north - box.south) * kMetresOfDegree;
  const double width =
      (box.east - box.west) * kMetresOfDegree * std::cos(0.5 * (box.south + box.north) * kDegree);
  return width * height;
}

}  // namespace topobathy
