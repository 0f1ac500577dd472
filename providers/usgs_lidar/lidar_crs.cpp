#include "providers/usgs_lidar/lidar_crs.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "fusion/error.h"
#include "providers/align/proj_crs.h"
#include "providers/usgs_lidar/little_endian.h"

namespace topobathy {
namespace {

constexpr double kDegreeMetres = 111320.0;

/// Metres of one unit of an axis; nothing for degrees.
std::optional<double> metres_of(PJ_CONTEXT* context, const PJ* crs, int axis) {
  const ProjObject system(proj_crs_get_coordinate_system(context, crs));
  double factor = 0.0;
  if (!system || proj_cs_get_axis_info(context, system.get(), axis, nullptr, nullptr, nullptr,
                                       &factor, nullptr, nullptr, nullptr) == 0)
    return std::nullopt;
  const PJ_TYPE type = proj_get_type(crs);
  const bool degrees =
      type == PJ_TYPE_GEOGRAPHIC_2D_CRS || (type == PJ_TYPE_GEOGRAPHIC_3D_CRS && axis < 2);
  if (degrees) return std::nullopt;
  return factor;
}

std::string text_of(PJ_CONTEXT* context, const PJ* crs) {
  const char* const code = proj_get_id_code(crs, 0);
  const char* const authority = proj_get_id_auth_name(crs, 0);
  if (code != nullptr && authority != nullptr) return std::string(authority) + ":" + code;
  const char* const wkt = proj_as_wkt(context, crs, PJ_WKT2_2019, nullptr);
  return wkt == nullptr ? "" : wkt;
}

/// The same heights in metres.
std::string metric_heights(PJ_CONTEXT* context, const PJ* vertical, double unit) {
  if (unit == 1.0) return text_of(context, vertical);
  const std::string own = text_of(context, vertical);
  // NAVD88 in US survey feet and in feet.
  if (own == "EPSG:6360" || own == "EPSG:8228") return "EPSG:5703";
  const ProjObject metric(
      proj_crs_alter_cs_linear_unit(context, vertical, "metre", 1.0, "EPSG", "9001"));
  return metric ? text_of(context, metric.get()) : "";
}

void read_heights(PJ_CONTEXT* context, const std::string& text, double otherwise, LidarCrs& out) {
  out.height_unit = otherwise;
  try {
    const HeightReference heights = parse_height_reference(context, text);
    const auto unit = metres_of(context, heights.crs.get(), heights.ellipsoidal ? 2 : 0);
    if (!unit || !(*unit > 0.0)) return;
    out.height_unit = *unit;
    out.heights = metric_heights(context, heights.crs.get(), *unit);
  } catch (const Error&) {
    // A CRS without heights.
  }
}

std::optional<LidarCrs> read_crs(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const ProjContext context = make_proj_context();
  try {
    const ProjObject horizontal = parse_horizontal_crs(context.get(), text);
    LidarCrs crs;
    const auto unit = metres_of(context.get(), horizontal.get(), 0);
    crs.unit = unit.value_or(kDegreeMetres);
    crs.horizontal = text_of(context.get(), horizontal.get());
    read_heights(context.get(), text, unit.value_or(1.0), crs);
    if (!(crs.unit > 0.0)) return std::nullopt;
    return crs;
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// Of the GeoTIFF keys only codes count; what is written out stands in the WKT record too.
int geo_key(const std::string& keys, int wanted) {
  for (std::size_t at = 8; at + 8 <= keys.size(); at += 8)
    if (number_at<std::uint16_t>(keys, at) == wanted && number_at<std::uint16_t>(keys, at + 2) == 0)
      return number_at<std::uint16_t>(keys, at + 6);
  return 0;
}

bool is_code(int key) noexcept {
  return key >= 1024 && key < 32767;
}

}  // namespace

LidarCrs lidar_crs(const std::string& name, const std::string& in_file,
                   const StatedCrs& in_archive) {
  auto crs = read_crs(in_file);
  if (crs && !crs->heights.empty()) return *crs;
  const auto stated = in_archive ? read_crs(in_archive()) : std::nullopt;
  if (!crs) crs = stated;
  if (!crs)
    throw Error(ErrorCode::kUnsupported,
                "'" + name +
                    "': neither the file nor its archive states a geographic or projected "
                    "CRS: its points have no place");
  if (crs->heights.empty() && stated) {
    crs->heights = stated->heights;
    if (!stated->heights.empty()) crs->height_unit = stated->height_unit;
  }
  return *crs;
}

std::string las_crs_text(const LasHeader& header) {
  if (const LasRecord* const wkt = header.find("LASF_Projection", 2112))
    return wkt->payload.c_str();  // some end with a NUL, some do not
  const LasRecord* const keys = header.find("LASF_Projection", 34735);
  if (keys == nullptr) return "";
  const int projected = geo_key(keys->payload, 3072);
  const int geographic = geo_key(keys->payload, 2048);
  const int vertical = geo_key(keys->payload, 4096);
  const int horizontal = is_code(projected) ? projected : geographic;
  if (!is_code(horizontal)) return "";
  const std::string text = "EPSG:" + std::to_string(horizontal);
  return is_code(vertical) ? text + "+" + std::to_string(vertical) : text;
}

double ground_unit(const LidarCrs& crs, const CrsBox& box) {
  const double x = 0.5 * (box.left + box.right);
  const double y = 0.5 * (box.bottom + box.top);
  const double step = crs.unit == kDegreeMetres ? 1e-3 : 100.0;
  double lon[2] = {x, x};
  double lat[2] = {y - step, y + step};
  Transformer(crs.horizontal, "EPSG:4326").transform(2, lon, lat);
  const double east = (lon[1] - lon[0]) * std::cos(lat[0] * 0.017453292519943295);
  const double metres = std::hypot(east, lat[1] - lat[0]) * kDegreeMetres / (2.0 * step);
  return metres > 0.0 && std::isfinite(metres) ? metres : crs.unit;
}

}  // namespace topobathy
