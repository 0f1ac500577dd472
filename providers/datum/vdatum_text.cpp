#include "providers/datum/vdatum_text.h"

#include <cmath>
#include <fstream>
#include <functional>
#include <locale>
#include <sstream>

#include "fusion/error.h"

namespace topobathy {
namespace {

/// Descriptions have some dozens of lines, polygons some thousands.
constexpr std::uintmax_t kMaxBytes = std::uintmax_t{16} << 20;

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw Error(ErrorCode::kUnreadable,
              "'" + path + "': " + why + "; unpack it again from NOAA's VDatum archive");
}

std::string trimmed(const std::string& text) {
  const char* const blank = " \t\r\n";
  const std::size_t from = text.find_first_not_of(blank);
  if (from == std::string::npos) return "";
  return text.substr(from, text.find_last_not_of(blank) - from + 1);
}

void each_line(const std::string& path, const std::function<void(const std::string&)>& use) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) refuse(path, "cannot be opened");
  if (static_cast<std::uintmax_t>(file.tellg()) > kMaxBytes)
    refuse(path, "is far longer than such a file can be");
  file.seekg(0);
  for (std::string line; std::getline(file, line);) {
    line = trimmed(line);
    if (!line.empty() && line[0] != '#') use(line);
  }
}

/// The text must be one number and nothing else.
double number(const VdatumFacts& facts, const std::string& key, const std::string& path) {
  const auto found = facts.find(key);
  if (found == facts.end()) refuse(path, "states no " + key);
  std::istringstream text(found->second);
  text.imbue(std::locale::classic());
  double value = 0.0;
  if (!(text >> value) || !text.eof() || !std::isfinite(value))
    refuse(path, key + " is no number: " + found->second);
  return value;
}

}  // namespace

VdatumFacts read_facts(const std::string& path) {
  VdatumFacts facts;
  each_line(path, [&](const std::string& line) {
    const std::size_t sign = line.find('=');
    if (sign != std::string::npos)
      facts[trimmed(line.substr(0, sign))] = trimmed(line.substr(sign + 1));
  });
  return facts;
}

std::map<std::string, VdatumFacts> read_listed_facts(const std::string& path) {
  std::map<std::string, VdatumFacts> regions;
  for (const auto& [key, value] : read_facts(path)) {
    const std::size_t dot = key.find('.');
    if (dot != std::string::npos && dot > 0)
      regions[key.substr(0, dot)][key.substr(dot + 1)] = value;
  }
  // Other entries (of the whole list) have no box.
  for (auto region = regions.begin(); region != regions.end();)
    region = region->second.count("minlon") == 0 ? regions.erase(region) : std::next(region);
  return regions;
}

LonLatBox region_box(const VdatumFacts& facts, const std::string& path) {
  LonLatBox box{number(facts, "minlon", path), number(facts, "minlat", path),
                number(facts, "maxlon", path), number(facts, "maxlat", path)};
  if (!(box.west < box.east) || box.east - box.west > 360.0 || !(box.south < box.north) ||
      box.south < -90.0 || box.north > 90.0)
    refuse(path, "its box is none: minlon, maxlon, minlat, maxlat");
  const double turn = 360.0 * std::floor((box.west + 180.0) / 360.0);
  box.west -= turn;
  box.east -= turn;
  return box;
}

bool is_nad83_frame(const VdatumFacts& facts, const std::string& path) {
  const auto found = facts.find("horz");
  if (found == facts.end()) refuse(path, "states no horz, the frame of its surfaces");
  const std::string& frame = found->second;
  if (frame.rfind("NAD83", 0) == 0) return true;
  if (frame.rfind("IGS", 0) == 0 || frame.rfind("ITRF", 0) == 0) return false;
  refuse(path, "horz=" + frame + " is no frame that is known here (NAD83, IGS08, IGS14)");
}

Rings read_rings(const std::string& path) {
  Rings rings;
  std::vector<LonLat> ring;
  each_line(path, [&](const std::string& line) {
    std::istringstream text(line);
    text.imbue(std::locale::classic());
    LonLat place;
    if (!(text >> place.lon >> place.lat) || std::abs(place.lon) > 540.0 ||
        std::abs(place.lat) > 90.0)
      refuse(path, "a line is no longitude and latitude: " + line.substr(0, 60));
    ring.push_back(place);
    const bool closed =
        ring.size() > 3 && place.lon == ring.front().lon && place.lat == ring.front().lat;
    if (!closed) return;
    rings.push_back(std::move(ring));
    ring.clear();
  });
  if (ring.size() > 2) rings.push_back(std::move(ring));
  if (rings.empty()) refuse(path, "it has no polygon");
  return rings;
}

}  // namespace topobathy
