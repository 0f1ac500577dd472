#include "providers/ncei_bag/bag_file_name.h"

#include <cpl_string.h>

#include <array>
#include <regex>

#include "providers/archive/stated_resolution.h"

namespace topobathy {
namespace {

struct Datum {
  const char* name;
  const char* crs;  ///< "" = none known
  StatedBy by = StatedBy::kArchive;
};
constexpr std::array kDatums = {
    Datum{"MLLW", "EPSG:5866"},
    Datum{"MLW", "EPSG:5867"},
    Datum{"MHW", "EPSG:5868"},
    Datum{"MHHW", "EPSG:5869"},
    Datum{"MSL", "EPSG:5714"},
    Datum{"LAT", "EPSG:5861"},
    Datum{"NAVD88", "EPSG:5703"},
    Datum{"IGLD85", "EPSG:5609"},
    Datum{"LWD", ""},
    Datum{"CRD", ""},
    Datum{"Ellipsoid", "EPSG:6319", StatedBy::kProvider},
};

const Datum* find_datum(const std::string& token) {
  for (const Datum& datum : kDatums)
    if (EQUAL(datum.name, token.c_str())) return &datum;
  return nullptr;
}

void take_token(BagFileName& name, const std::string& token) {
  static const std::regex part_pattern(R"((\d{1,4})of(\d{1,4}))", std::regex::icase);
  std::smatch match;
  if (const double metres = resolution_of(token); metres > 0.0 && name.resolution == 0.0) {
    name.resolution = metres;
  } else if (EQUAL(token.c_str(), "VR")) {
    name.is_variable = true;
  } else if (const Datum* const datum = find_datum(token)) {
    if (name.datum.empty()) name.datum = datum->name;
  } else if (std::regex_match(token, match, part_pattern)) {
    name.part = std::stoi(match[1]);
    name.parts = std::stoi(match[2]);
  }
}

}  // namespace

BagFileName parse_bag_file_name(const std::string& stem) {
  static const std::regex survey_pattern(R"([A-Z]\d{5})");
  static const std::regex method_pattern(R"([A-Z]{2,5})");
  const CPLStringList tokens(CSLTokenizeString2(stem.c_str(), "_", 0));
  BagFileName name;
  name.survey = stem;
  if (tokens.Count() == 0 || !std::regex_match(tokens[0], survey_pattern)) return name;
  name.survey = tokens[0];
  for (int t = 1; t < tokens.Count(); ++t)
    take_token(name, tokens[t]);
  const bool has_method = tokens.Count() > 1 && std::regex_match(tokens[1], method_pattern) &&
                          find_datum(tokens[1]) == nullptr && !EQUAL(tokens[1], "VR");
  if (has_method) name.method = tokens[1];
  return name;
}

HeightStatement heights_of_datum(const std::string& datum) {
  if (datum.empty()) return {"EPSG:5866", StatedBy::kProvider};
  const Datum* const known = find_datum(datum);
  return known == nullptr ? HeightStatement{"", StatedBy::kArchive}
                          : HeightStatement{known->crs, known->by};
}

}  // namespace topobathy
