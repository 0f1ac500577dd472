#include "providers/usgs_lidar/ept_info.h"

#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <vector>

#include "cache/json_text.h"
#include "fusion/error.h"

namespace topobathy {
namespace {

using Json = nlohmann::json;

constexpr int kMaxPointSize = 4096;

[[noreturn]] void refuse_info(const std::string& name, const std::string& why,
                              ErrorCode code = ErrorCode::kUnreadable) {
  throw Error(code, "'" + name + "': " + why);
}

EptDimension::Type type_named(const std::string& name) {
  if (name == "signed") return EptDimension::Type::kSigned;
  if (name == "unsigned") return EptDimension::Type::kUnsigned;
  if (name == "float") return EptDimension::Type::kFloat;
  return EptDimension::Type::kNone;
}

bool possible(const EptDimension& dimension) noexcept {
  const int size = dimension.size;
  const bool real = dimension.type == EptDimension::Type::kFloat;
  return dimension.type != EptDimension::Type::kNone && (size == 4 || size == 8 || !real) &&
         (size == 1 || size == 2 || size == 4 || size == 8) && std::isfinite(dimension.scale) &&
         dimension.scale != 0.0 && std::isfinite(dimension.offset);
}

void keep(const std::string& name, const EptDimension& dimension, EptInfo& info) {
  if (name == "X") info.x = dimension;
  if (name == "Y") info.y = dimension;
  if (name == "Z") info.z = dimension;
  if (name == "Classification") info.classification = dimension;
  if (name == "Withheld") info.withheld = dimension;
}

void read_schema(const std::string& name, const Json& schema, EptInfo& info) {
  for (const Json& entry : schema) {
    EptDimension dimension;
    dimension.type = type_named(entry.at("type").get<std::string>());
    dimension.size = entry.at("size").get<int>();
    dimension.scale = entry.value("scale", 1.0);
    dimension.offset = entry.value("offset", 0.0);
    dimension.place = info.point_size;
    if (!possible(dimension)) refuse_info(name, "its schema has an impossible dimension");
    info.point_size += dimension.size;
    if (info.point_size > kMaxPointSize)
      refuse_info(name, "its points are longer than any survey's");
    keep(entry.at("name").get<std::string>(), dimension, info);
  }
  for (const EptDimension* needed : {&info.x, &info.y, &info.z, &info.classification})
    if (needed->type == EptDimension::Type::kNone)
      refuse_info(name, "its points lack X, Y, Z or Classification: no ground can be told",
                  ErrorCode::kUnsupported);
}

void read_cube(const std::string& name, const Json& ept, EptInfo& info) {
  const auto bounds = ept.at("bounds").get<std::vector<double>>();
  const auto conforming = ept.value("boundsConforming", bounds);
  const auto span = ept.at("span").get<std::int64_t>();
  if (bounds.size() != 6 || conforming.size() != 6 || span < 1 || span > (1 << 20))
    refuse_info(name, "its bounds or span are impossible");
  info.cube = {bounds[0], bounds[1], bounds[3] - bounds[0],
               (bounds[3] - bounds[0]) / static_cast<double>(span)};
  info.bounds = {conforming[0], conforming[1], conforming[3], conforming[4]};
  if (!(info.cube.side > 0.0) || !std::isfinite(info.cube.side) ||
      std::abs(bounds[4] - bounds[1] - info.cube.side) > 1e-6 * info.cube.side ||
      !(info.bounds.left <= info.bounds.right) || !(info.bounds.bottom <= info.bounds.top))
    refuse_info(name, "its bounds or span are impossible");
}

EptInfo::Data data_named(const std::string& name, const std::string& type) {
  if (type == "laszip") return EptInfo::Data::kLaszip;
  if (type == "binary") return EptInfo::Data::kBinary;
  if (type == "zstandard") return EptInfo::Data::kZstandard;
  refuse_info(name,
              "its points are stored as '" + type + "'; laszip, binary and zstandard are known",
              ErrorCode::kUnsupported);
}

/// A code counts before WKT: the WKT of old sets lacks the heights.
std::string crs_of(const Json& ept) {
  const Json srs = ept.value("srs", Json::object());
  const std::string horizontal = srs.value("horizontal", "");
  const std::string vertical = srs.value("vertical", "");
  if (horizontal.empty()) return srs.value("wkt", "");
  const std::string text = srs.value("authority", "EPSG") + ":" + horizontal;
  return vertical.empty() ? text : text + "+" + vertical;
}

template <class Number>
double number_of(const char* bytes) noexcept {
  Number number;
  std::memcpy(&number, bytes, sizeof number);
  return static_cast<double>(number);
}

/// A class, also where a set stores it as another type; what is none is never ground.
std::uint8_t class_of(double number) noexcept {
  return number >= 0.0 && number < 256.0 ? static_cast<std::uint8_t>(number) : std::uint8_t{0};
}

}  // namespace

double EptDimension::value(const std::string& bytes, std::size_t point) const noexcept {
  const char* const at = bytes.data() + point + static_cast<std::size_t>(place);
  double number = 0.0;
  if (type == Type::kFloat)
    number = size == 4 ? number_of<float>(at) : number_of<double>(at);
  else if (type == Type::kSigned)
    number = size == 1   ? number_of<std::int8_t>(at)
             : size == 2 ? number_of<std::int16_t>(at)
             : size == 4 ? number_of<std::int32_t>(at)
                         : number_of<std::int64_t>(at);
  else
    number = size == 1   ? number_of<std::uint8_t>(at)
             : size == 2 ? number_of<std::uint16_t>(at)
             : size == 4 ? number_of<std::uint32_t>(at)
                         : number_of<std::uint64_t>(at);
  return number * scale + offset;
}

EptInfo parse_ept(const std::string& name, const std::string& json) {
  try {
    const Json ept = parse_foreign_json(json);
    if (!ept.is_object())
      refuse_info(name, "is no EPT description (it is no JSON object, or is cut)");
    const std::string version = ept.value("version", "1.0.0");
    if (version.compare(0, 2, "1.") != 0)
      refuse_info(name, "is EPT version " + version + "; 1.x is known", ErrorCode::kUnsupported);
    EptInfo info;
    info.data = data_named(name, ept.at("dataType").get<std::string>());
    read_cube(name, ept, info);
    read_schema(name, ept.at("schema"), info);
    info.crs = crs_of(ept);
    return info;
  } catch (const Json::exception& failure) {
    refuse_info(name, std::string("is no EPT description (") + failure.what() + ")");
  }
}

void decode_ept_points(const std::string& name, const EptInfo& info, const std::string& bytes,
                       std::uint64_t count, const PointSink& sink) {
  const auto size = static_cast<std::size_t>(info.point_size);
  if (bytes.size() != count * size)
    refuse_info(name, "is said to have " + std::to_string(count) + " points and has " +
                          std::to_string(bytes.size() / size) + ": it is damaged");
  constexpr std::size_t kBatch = 4096;
  std::vector<LidarPoint> batch;
  batch.reserve(kBatch);
  for (std::size_t at = 0; at < bytes.size(); at += size) {
    LidarPoint point;
    point.x = info.x.value(bytes, at);
    point.y = info.y.value(bytes, at);
    point.z = info.z.value(bytes, at);
    point.classification = class_of(info.classification.value(bytes, at));
    point.withheld =
        info.withheld.type != EptDimension::Type::kNone && info.withheld.value(bytes, at) != 0.0;
    batch.push_back(point);
    if (batch.size() < kBatch) continue;
    sink(batch.data(), batch.size());
    batch.clear();
  }
  if (!batch.empty()) sink(batch.data(), batch.size());
}

}  // namespace topobathy
