#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fake_http.h"

namespace topobathy {

constexpr char kSurveyService[] =
    "https://services2.arcgis.com/C8EMgrsFcRFL6LrL/arcgis/rest/services/NOS_Hydro_Surveys/"
    "FeatureServer/0/query";

/// What the feature service is asked for a square of half a degree, from a record on.
inline std::string survey_query(const std::string& envelope, int offset = 0) {
  return std::string(kSurveyService) +
         "?where=BAGS_EXIST%3D%27Y%27%20OR%20BAGS_EXIST%3D%27TRUE%27&geometry=" + envelope +
         "&geometryType=esriGeometryEnvelope&inSR=4326&spatialRel=esriSpatialRelIntersects"
         "&outFields=*&returnGeometry=true&outSR=4326"
         "&maxAllowableOffset=0.002&orderByFields=OBJECTID&resultOffset=" +
         std::to_string(offset) + "&resultRecordCount=1000&f=json";
}
/// Of the square n42.00_w071.00.
constexpr char kEnvelope[] = "-71.020000%2C41.980000%2C-70.480000%2C42.520000";

/// A record of the service: a survey over a box.
inline nlohmann::json survey_record(const std::string& id, const std::string& page, int year,
                                    double west = -70.8, double south = 42.1, double east = -70.7,
                                    double north = 42.2) {
  nlohmann::json record;
  record["attributes"] = {{"SURVEY_ID", id},
                          {"DOWNLOAD_URL", page},
                          {"SURVEY_YEAR", static_cast<double>(year)},
                          {"DATE_SURVEY_BEGIN", nullptr},
                          {"DATE_SURVEY_END", nullptr}};
  record["geometry"]["rings"] = {
      {{west, south}, {west, north}, {east, north}, {east, south}, {west, south}}};
  return record;
}

inline std::string survey_page(const std::vector<nlohmann::json>& records, bool cut = false) {
  nlohmann::json answer = {{"objectIdFieldName", "OBJECTID"}, {"features", records}};
  if (cut) answer["exceededTransferLimit"] = true;
  return answer.dump();
}

}  // namespace topobathy
