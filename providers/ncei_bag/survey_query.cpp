#include "providers/ncei_bag/survey_query.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <iterator>
#include <nlohmann/json.hpp>

#include "cache/json_text.h"
#include "fusion/error.h"
#include "providers/align/lonlat_hull.h"
#include "providers/archive/links.h"

namespace topobathy {
namespace {

using nlohmann::json;

constexpr char kService[] =
    "https://services2.arcgis.com/C8EMgrsFcRFL6LrL/arcgis/rest/services/NOS_Hydro_Surveys/"
    "FeatureServer/0/query";
/// The service answers 2000 records at once at most, formerly 1000.
constexpr std::size_t kPageRecords = 1000;
constexpr std::size_t kMostPages = 100;

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorCode::kUnreadable,
              std::string("'") + kService + "': " + what +
                  "; try again later, or name a mirror in TOPOBATHY_ENDPOINTS");
}

std::string envelope(const LonLatBox& square) {
  char text[128];
  std::snprintf(
      text, sizeof text, "%.6f,%.6f,%.6f,%.6f", std::max(square.west - kSurveyMargin, -180.0),
      std::max(square.south - kSurveyMargin, -90.0), std::min(square.east + kSurveyMargin, 180.0),
      std::min(square.north + kSurveyMargin, 90.0));
  return text;
}

/// Outlines are thinned to a tenth of the margin, or a page would be megabytes. All fields: to name
/// one that the service has renamed would be an error.
std::string page_url(const LonLatBox& square, std::size_t offset) {
  return std::string(kService) +
         "?where=" + percent_encoded("BAGS_EXIST='Y' OR BAGS_EXIST='TRUE'") +
         "&geometry=" + percent_encoded(envelope(square)) +
         "&geometryType=esriGeometryEnvelope&inSR=4326&spatialRel=esriSpatialRelIntersects"
         "&outFields=*"
         "&returnGeometry=true&outSR=4326&maxAllowableOffset=0.002&orderByFields=OBJECTID"
         "&resultOffset=" +
         std::to_string(offset) + "&resultRecordCount=" + std::to_string(kPageRecords) + "&f=json";
}

std::string text_of(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return "";
  std::string text = *found;
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  text.erase(0, std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  return text;
}

std::optional<double> number_of(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

/// ISO day. \param milliseconds since 1970
std::string day_of(const std::optional<double>& milliseconds) {
  constexpr double kEarliest = -6e12;  // 1779
  constexpr double kLatest = 5e12;     // 2128
  if (!milliseconds || !(*milliseconds > kEarliest && *milliseconds < kLatest)) return "";
  const auto seconds = static_cast<std::time_t>(std::floor(*milliseconds / 1000.0));
  std::tm parts{};
  if (gmtime_r(&seconds, &parts) == nullptr) return "";
  char text[16];
  return std::string(text, std::strftime(text, sizeof text, "%Y-%m-%d", &parts));
}

int year_of(const json& attributes, const Survey& survey) {
  const auto stated = number_of(attributes, "SURVEY_YEAR");
  if (stated && *stated >= 1800.0 && *stated < 2200.0) return static_cast<int>(*stated);
  for (const std::string& day : {survey.date_end, survey.date_start})
    if (!day.empty()) return std::stoi(day.substr(0, 4));
  return 0;
}

LonLatBox box_of_ring(const json& ring) {
  LonLatBox box{INFINITY, INFINITY, -INFINITY, -INFINITY};
  for (const json& point : ring) {
    const bool is_point =
        point.is_array() && point.size() >= 2 && point[0].is_number() && point[1].is_number();
    const double lon = is_point ? point[0].get<double>() : NAN;
    const double lat = is_point ? point[1].get<double>() : NAN;
    // Metres of web Mercator would be read as a place all the same.
    if (!(std::fabs(lon) <= 360.0 && std::fabs(lat) <= 90.0)) fail("an outline is not in degrees");
    box = {std::min(box.west, lon), std::min(box.south, lat), std::max(box.east, lon),
           std::max(box.north, lat)};
  }
  const double turn = box.west - kSurveyMargin < -180.0 ? 360.0 : 0.0;
  return {box.west - kSurveyMargin + turn, std::max(box.south - kSurveyMargin, -90.0),
          box.east + kSurveyMargin + turn, std::min(box.north + kSurveyMargin, 90.0)};
}

LonLatBox box_of(const json& feature, const LonLatBox& square) {
  std::vector<LonLatBox> boxes;
  const auto geometry = feature.find("geometry");
  if (geometry != feature.end() && geometry->is_object() && geometry->contains("rings")) {
    for (const json& ring : geometry->at("rings"))
      if (!ring.empty()) boxes.push_back(box_of_ring(ring));
  }
  return lonlat_hull(boxes).value_or(square);
}

Survey survey_of(const json& feature, const LonLatBox& square) {
  if (!feature.is_object() || !feature.contains("attributes") ||
      !feature.at("attributes").is_object())
    fail("a record has no attributes");
  const json& attributes = feature.at("attributes");
  Survey survey;
  survey.id = text_of(attributes, "SURVEY_ID");
  if (!is_plain_name(survey.id)) fail("a record has no SURVEY_ID, or one that is no name");
  survey.page = text_of(attributes, "DOWNLOAD_URL");
  survey.date_start = day_of(number_of(attributes, "DATE_SURVEY_BEGIN"));
  survey.date_end = day_of(number_of(attributes, "DATE_SURVEY_END"));
  survey.modified = day_of(number_of(attributes, "DATE_MODIFY_DATA"));
  survey.year = year_of(attributes, survey);
  survey.box = box_of(feature, square);
  return survey;
}

std::string begin_of(const std::string& body) {
  std::string begin = body.substr(0, 40);
  std::replace_if(
      begin.begin(), begin.end(), [](unsigned char c) { return c < 0x20 || c > 0x7e; }, ' ');
  return begin;
}

json parse(const std::string& body) {
  json answer = parse_foreign_json(body);
  if (!answer.is_object())
    fail("the answer is not JSON (it begins with \"" + begin_of(body) + "\")");
  if (const auto error = answer.find("error"); error != answer.end()) {
    const std::string message = error->is_object() ? text_of(*error, "message") : "";
    const auto code = error->is_object() ? number_of(*error, "code") : std::nullopt;
    fail("the service says error" + (code ? " " + std::to_string(std::lround(*code)) : "") +
         (message.empty() ? "" : ": " + begin_of(message)));
  }
  if (!answer.contains("features") || !answer.at("features").is_array())
    fail("the answer has no list of features");
  return answer;
}

bool is_cut(const json& answer) {
  const auto flag = answer.find("exceededTransferLimit");
  return flag != answer.end() && flag->is_boolean() && flag->get<bool>();
}

}  // namespace

std::vector<Survey> ask_surveys(HttpClient& http, const LonLatBox& square) {
  std::vector<Survey> surveys;
  for (std::size_t page = 0; page < kMostPages; ++page) {
    const std::string url = page_url(square, surveys.size());
    HttpRequest request;
    request.url = url;
    const HttpAnswer reply = http.ask(request);
    const json answer = parse(require_body(reply, url));
    const json& features = answer.at("features");
    for (const json& feature : features)
      surveys.push_back(survey_of(feature, square));
    if (!is_cut(answer)) return surveys;
    if (features.empty()) break;
  }
  fail("the pages of the answer do not end");
}

}  // namespace topobathy
