#include "providers/align/crs.h"

#include <cmath>
#include <cstring>

#include "fusion/error.h"
#include "providers/align/proj_crs.h"

namespace topobathy {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kDegree = kPi / 180.0;

struct Axis {
  std::string direction;
  std::string unit_name;
  double unit = 1.0;  ///< metres or radians
};

Axis axis_of(PJ_CONTEXT* context, const PJ* crs, int index) {
  const ProjObject system(proj_crs_get_coordinate_system(context, crs));
  const char* direction = "";
  const char* unit_name = "";
  Axis axis;
  if (!system || proj_cs_get_axis_info(context, system.get(), index, nullptr, nullptr, &direction,
                                       &axis.unit, &unit_name, nullptr, nullptr) == 0)
    throw Error(ErrorCode::kInternal, "PROJ gives no axes for a CRS");
  axis.direction = direction;
  axis.unit_name = unit_name;
  return axis;
}

/// A projection parameter by its EPSG code, in its own unit; `fallback` where the method has none.
double parameter(PJ_CONTEXT* context, const PJ* conversion, const char* epsg_code,
                 double fallback) {
  const int count = proj_coordoperation_get_param_count(context, conversion);
  for (int i = 0; i < count; ++i) {
    const char* code = nullptr;
    double value = 0.0;
    if (proj_coordoperation_get_param(context, conversion, i, nullptr, nullptr, &code, &value,
                                      nullptr, nullptr, nullptr, nullptr, nullptr, nullptr) != 0 &&
        code != nullptr && std::strcmp(code, epsg_code) == 0)
      return value;
  }
  return fallback;
}

/// Spherical formulas, true at the equator, y = 0 there: what Lattice::ground_pixel() and zoom
/// levels assume.
bool is_web_mercator(PJ_CONTEXT* context, const PJ* projected, bool sphere) {
  const ProjObject conversion(proj_crs_get_coordoperation(context, projected));
  const char* code = nullptr;
  if (!conversion ||
      proj_coordoperation_get_method_info(context, conversion.get(), nullptr, nullptr, &code) ==
          0 ||
      code == nullptr)
    return false;
  const std::string method = code;
  const bool mercator =
      method == "9804" || method == "9805" || method == "1026";  // variants A, B, spherical
  if (method != "1024" && !(mercator && sphere)) return false;   // 1024: Pseudo-Mercator
  const double scale = parameter(context, conversion.get(), "8805", 1.0);
  const double standard_parallel = parameter(context, conversion.get(), "8823", 0.0);
  const double origin = parameter(context, conversion.get(), "8801", 0.0);
  const double false_northing = parameter(context, conversion.get(), "8807", 0.0);
  return scale == 1.0 && standard_parallel == 0.0 && origin == 0.0 && false_northing == 0.0;
}

void set_ellipsoid(PJ_CONTEXT* context, const PJ* crs, CrsTraits& traits) {
  const ProjObject ellipsoid(proj_get_ellipsoid(context, crs));
  if (!ellipsoid ||
      proj_ellipsoid_get_parameters(context, ellipsoid.get(), &traits.semi_major, nullptr, nullptr,
                                    &traits.inverse_flattening) == 0)
    throw Error(ErrorCode::kInternal, "PROJ gives no ellipsoid for a CRS");
  // PROJ's own arithmetic leaves rounding in the last digits, not the same in every version;
  // published values end before.
  traits.inverse_flattening = std::round(traits.inverse_flattening * 1e9) / 1e9;
}

ProjObject ellipsoidal_heights(PJ_CONTEXT* context, const PJ* horizontal, const PJ* geographic_3d,
                               const std::string& crs, const std::string& vertical_crs) {
  const ProjObject base(proj_crs_get_geodetic_crs(context, horizontal));
  const ProjObject base_2d(proj_crs_demote_to_2D(context, nullptr, base.get()));
  const ProjObject datum_2d(proj_crs_demote_to_2D(context, nullptr, geographic_3d));
  if (!equivalent_crs(context, base_2d.get(), datum_2d.get()))
    throw Error(ErrorCode::kUsage, "vertical_crs " + quoted_crs(vertical_crs) +
                                       " has another datum than crs " + quoted_crs(crs) +
                                       "; give the 3D geographic CRS of the same datum");
  return ProjObject(proj_crs_promote_to_3D(context, nullptr, horizontal));
}

}  // namespace

CrsTraits crs_traits(const std::string& crs) {
  const ProjContext context = make_proj_context();
  const ProjObject object = unbound_crs(context.get(), parse_horizontal_crs(context.get(), crs));
  CrsTraits traits;
  set_ellipsoid(context.get(), object.get(), traits);
  const Axis first = axis_of(context.get(), object.get(), 0);
  if (proj_get_type(object.get()) == PJ_TYPE_GEOGRAPHIC_2D_CRS) {
    if (std::abs(first.unit / kDegree - 1.0) > 1e-12)
      throw Error(ErrorCode::kUsage, quoted_crs(crs) + " counts angles in " + first.unit_name +
                                         "; give a geographic CRS in degrees, or a projected one");
    return traits;
  }
  if (first.direction == "west" || axis_of(context.get(), object.get(), 1).direction == "west")
    throw Error(ErrorCode::kUsage,
                quoted_crs(crs) + " has an axis that runs west; give a CRS whose x runs east");
  traits.unit = first.unit;
  traits.kind = is_web_mercator(context.get(), object.get(), traits.inverse_flattening == 0.0)
                    ? CrsTraits::Kind::kMercator
                    : CrsTraits::Kind::kProjected;
  return traits;
}

CrsWorld crs_world(const std::string& crs) {
  const ProjContext context = make_proj_context();
  const ProjObject object = unbound_crs(context.get(), parse_horizontal_crs(context.get(), crs));
  const double unit = axis_of(context.get(), object.get(), 0).unit;
  if (proj_get_type(object.get()) == PJ_TYPE_GEOGRAPHIC_2D_CRS) {
    // Exact for degrees, whose factor PROJ keeps rounded in its own way.
    const double half_turn = std::abs(unit / kDegree - 1.0) <= 1e-12 ? 180.0 : kPi / unit;
    return {half_turn, half_turn / 2.0};
  }
  CrsTraits traits;
  set_ellipsoid(context.get(), object.get(), traits);
  if (!is_web_mercator(context.get(), object.get(), traits.inverse_flattening == 0.0)) return {};
  const double half = kPi * traits.semi_major / unit;
  return {half, half};
}

std::string crs_wkt(const std::string& crs, const std::string& vertical_crs) {
  const ProjContext context = make_proj_context();
  ProjObject object = parse_horizontal_crs(context.get(), crs);
  if (!vertical_crs.empty()) {
    const HeightReference heights = parse_height_reference(context.get(), vertical_crs);
    object = heights.ellipsoidal ? ellipsoidal_heights(context.get(), object.get(),
                                                       heights.crs.get(), crs, vertical_crs)
                                 : compound_crs(context.get(), object.get(), heights.crs.get());
  }
  const char* wkt =
      object ? proj_as_wkt(context.get(), object.get(), PJ_WKT2_2019, nullptr) : nullptr;
  if (wkt == nullptr)
    throw Error(ErrorCode::kUsage,
                quoted_crs(crs) +
                    (vertical_crs.empty() ? "" : " with vertical_crs " + quoted_crs(vertical_crs)) +
                    " cannot be written as WKT; give both as EPSG codes");
  return wkt;
}

bool same_horizontal_crs(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const ProjContext context = make_proj_context();
  return equivalent_crs(context.get(), parse_horizontal_crs(context.get(), a).get(),
                        parse_horizontal_crs(context.get(), b).get());
}

}  // namespace topobathy
