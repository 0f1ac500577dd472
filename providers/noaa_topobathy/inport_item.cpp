#include "providers/noaa_topobathy/inport_item.h"

#include <algorithm>
#include <cctype>
#include <regex>
#include <vector>

#include "providers/coastal/published_names.h"
#include "providers/coastal/xml_document.h"
#include "providers/raster/stated.h"

namespace topobathy {
namespace {

using coastal::each_element;
using coastal::lower_case;
using coastal::xml_text;

constexpr std::size_t kMaxText = 20'000;  ///< of a description that is searched

/// NOAA's topic of all elevation data: also land has it, so it says nothing.
constexpr char kElevationTopic[] = "bathymetry/topography";

bool has(const std::string& text, const char* word) {
  return text.find(word) != std::string::npos;
}

bool is_bathymetric(const std::string& lower) {
  return has(lower, "topobathy") || has(lower, "bathymetr");
}

std::string stated_text(const CPLXMLNode* node, const char* path) {
  return stated(xml_text(node, path));
}

/// Of each element of that name the text.
std::vector<std::string> texts(const CPLXMLNode* root, const char* name) {
  std::vector<std::string> all;
  each_element(root, name, [&](const CPLXMLNode* node) {
    const std::string text = stated_text(node, "");
    if (!text.empty()) all.push_back(text);
  });
  return all;
}

std::string vertical_datum(const CPLXMLNode* root) {
  std::string datum;
  each_element(root, "coordinate-reference-system", [&](const CPLXMLNode* crs) {
    if (xml_text(crs, "crs-type") != "Vertical") return;
    for (const char* const field : {"datum-name", "epsg-name", "epsg-code"})
      if (datum.empty()) datum = stated_text(crs, field);
  });
  for (const char* const older : {"altdatum", "vdatum"}) {
    const auto found = texts(root, older);
    if (datum.empty() && !found.empty()) datum = found.front();
  }
  return datum;
}

/// "2017-05-03T00:00:00", "20170503", "2017-05", "2017" as ISO 8601; "" for anything else.
std::string iso_date(const std::string& text) {
  static const std::regex kShape("([0-9]{4})(?:-?([0-9]{2})(?:-?([0-9]{2}))?)?(?:[T ].*)?");
  std::smatch part;
  if (text.size() > 40 || !std::regex_match(text, part, kShape)) return "";
  std::string date = part[1];
  if (part[2].matched) date += "-" + part[2].str();
  if (part[3].matched) date += "-" + part[3].str();
  return date;
}

void add_period(InPortItem& item, const std::string& start, const std::string& end) {
  if (!start.empty() && (item.date_start.empty() || start < item.date_start))
    item.date_start = start;
  item.date_end = std::max(item.date_end, end);
}

void read_dates(const CPLXMLNode* root, InPortItem& item) {
  each_element(root, "time-frame", [&](const CPLXMLNode* frame) {
    const std::string start = iso_date(stated_text(frame, "start-date-time"));
    const std::string end = iso_date(stated_text(frame, "end-date-time"));
    const bool one_day = xml_text(frame, "time-frame-type") == "Discrete";
    add_period(item, start, end.empty() && one_day ? start : end);
  });
  if (!item.date_start.empty() || !item.date_end.empty()) return;
  const auto begins = texts(root, "begdate"), ends = texts(root, "enddate");
  if (!begins.empty()) add_period(item, iso_date(begins.front()), "");
  if (!ends.empty()) add_period(item, "", iso_date(ends.front()));
}

/// Metres of a unit's name, 0 = not known. No name is metres.
double metres_of(const std::string& unit) {
  const std::string name = lower_case(unit);
  if (name.empty() || name == "m" || has(name, "meter") || has(name, "metre")) return 1.0;
  if (name == "ft" || has(name, "foot") || has(name, "feet")) return 0.3048;
  return has(name, "degree") ? 111320.0 : 0.0;
}

double stated_resolution(const CPLXMLNode* root) {
  double metres = 0.0;
  each_element(root, "spatial-resolution", [&](const CPLXMLNode* resolution) {
    if (metres > 0.0) return;
    const double distance = std::atof(xml_text(resolution, "horizontal-distance").c_str());
    if (!(distance > 0.0)) return;
    metres = distance * metres_of(stated_text(resolution, "horizontal-distance-units"));
  });
  return metres;
}

/// "... at 1 m pixel resolution", "a 1m bare earth DEM", "grid spacing of 3 meters".
double described_resolution(const CPLXMLNode* root) {
  static const std::regex kBefore(
      "([0-9]{1,3}(?:\\.[0-9]{1,3})?)[ -]?(?:m|meters?|metres?)[ -]"
      "(?:pixel|grid|cell|horizontal|spatial|resolution|bare|dem|raster|topobathy)");
  static const std::regex kBehind(
      "(?:resolution|spacing|cell size|pixel size) (?:of |is )?"
      "([0-9]{1,3}(?:\\.[0-9]{1,3})?)[ -]?(?:m|meters?|metres?)(?:[^a-z]|$)");
  for (const char* const field :
       {"abstract", "supplemental-information", "lineage", "purpose", "description"}) {
    for (const std::string& whole : texts(root, field)) {
      const std::string text = lower_case(whole.substr(0, kMaxText));
      std::smatch part;
      if (std::regex_search(text, part, kBefore) || std::regex_search(text, part, kBehind))
        return std::stod(part[1]);
    }
  }
  return 0.0;
}

std::string institution(const CPLXMLNode* root) {
  std::string originator, distributor;
  each_element(root, "support-role", [&](const CPLXMLNode* role) {
    const std::string contact = xml_text(role, "contact-type");
    if (!contact.empty() && contact != "Organization") return;
    const std::string type = xml_text(role, "support-role-type");
    if (type == "Originator" && originator.empty()) originator = stated_text(role, "contact-name");
    if (type == "Distributor" && distributor.empty())
      distributor = stated_text(role, "contact-name");
  });
  return originator.empty() ? distributor : originator;
}

bool speaks_of_water(const CPLXMLNode* root, const std::string& title) {
  if (is_bathymetric(lower_case(title))) return true;
  for (const char* const field : {"abstract", "purpose", "keyword"}) {
    for (const std::string& whole : texts(root, field)) {
      const std::string text = lower_case(whole);
      if (text == kElevationTopic) continue;
      if (is_bathymetric(text) || has(text, "submerged")) return true;
    }
  }
  return false;
}

}  // namespace

std::string inport_page(const std::string& number) {
  return "https://www.fisheries.noaa.gov/inport/item/" + number;
}

std::string inport_xml_url(const std::string& number) {
  return inport_page(number) + "/inport-xml";
}

InPortItem read_inport_xml(const std::string& xml, const std::string& url) {
  const coastal::XmlDocument document(xml, url, "inport-metadata");
  const CPLXMLNode* const root = document.root();
  InPortItem item;
  item.title = stated_text(root, "item-identification.title");
  item.vertical_datum = vertical_datum(root);
  read_dates(root, item);
  item.resolution = stated_resolution(root);
  if (!(item.resolution > 0.0)) item.resolution = described_resolution(root);
  item.institution = institution(root);
  item.bathymetric = speaks_of_water(root, item.title);
  return item;
}

}  // namespace topobathy
