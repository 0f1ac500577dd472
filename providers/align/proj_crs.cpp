#include "providers/align/proj_crs.h"

#include <utility>

#include "fusion/error.h"

namespace topobathy {
namespace {

constexpr std::size_t kQuotedLength = 60;

bool is_a_crs(const PJ* object) {
  return object != nullptr && proj_is_crs(object) != 0;
}

/// A PROJ string means a CRS only with +type=crs.
std::string with_crs_type(const std::string& crs) {
  const bool proj_string =
      crs.find("+proj=") != std::string::npos || crs.find("+init=") != std::string::npos;
  if (!proj_string || crs.find("+type=crs") != std::string::npos) return crs;
  return crs + " +type=crs";
}

[[noreturn]] void refuse_horizontal(const std::string& crs, PJ_TYPE type) {
  const std::string text = quoted_crs(crs);
  switch (type) {
    case PJ_TYPE_VERTICAL_CRS:
      throw Error(ErrorCode::kUsage, text +
                                         " is a vertical CRS; give a geographic or projected CRS "
                                         "as crs and this one as vertical_crs");
    case PJ_TYPE_GEOCENTRIC_CRS:
      throw Error(ErrorCode::kUsage,
                  text + " is a geocentric CRS; give a geographic or projected one");
    default:
      throw Error(ErrorCode::kUsage, text +
                                         " is neither a geographic nor a projected CRS; give one "
                                         "that has a place on the Earth");
  }
}

}  // namespace

std::string quoted_crs(const std::string& crs) {
  std::string text = "'";
  for (const char c : crs) {
    if (text.size() > kQuotedLength) return text + "...'";
    text.push_back(c == '\n' || c == '\r' ? ' ' : c);
  }
  return text + "'";
}

ProjObject parse_crs(PJ_CONTEXT* context, const std::string& crs) {
  ProjObject object(proj_create(context, with_crs_type(crs).c_str()));
  if (!is_a_crs(object.get()))
    throw Error(
        ErrorCode::kUsage,
        quoted_crs(crs) + " is not a CRS that PROJ knows; give an EPSG code, WKT or a PROJ string");
  return object;
}

ProjObject unbound_crs(PJ_CONTEXT* context, ProjObject crs) {
  if (proj_get_type(crs.get()) != PJ_TYPE_BOUND_CRS) return crs;
  return ProjObject(proj_get_source_crs(context, crs.get()));
}

ProjObject parse_horizontal_crs(PJ_CONTEXT* context, const std::string& crs) {
  ProjObject object = parse_crs(context, crs);
  if (proj_get_type(object.get()) == PJ_TYPE_COMPOUND_CRS)
    object.reset(proj_crs_get_sub_crs(context, object.get(), 0));
  const ProjObject bare = unbound_crs(context, ProjObject(proj_clone(context, object.get())));
  const PJ_TYPE type = proj_get_type(bare.get());
  if (type != PJ_TYPE_GEOGRAPHIC_2D_CRS && type != PJ_TYPE_GEOGRAPHIC_3D_CRS &&
      type != PJ_TYPE_PROJECTED_CRS)
    refuse_horizontal(crs, type);
  return ProjObject(proj_crs_demote_to_2D(context, nullptr, object.get()));
}

HeightReference parse_height_reference(PJ_CONTEXT* context, const std::string& crs) {
  ProjObject object = parse_crs(context, crs);
  if (proj_get_type(object.get()) == PJ_TYPE_COMPOUND_CRS)
    object.reset(proj_crs_get_sub_crs(context, object.get(), 1));
  object = unbound_crs(context, std::move(object));
  switch (proj_get_type(object.get())) {
    case PJ_TYPE_VERTICAL_CRS:
      return {std::move(object), false};
    case PJ_TYPE_GEOGRAPHIC_3D_CRS:
      return {std::move(object), true};
    default:
      throw Error(ErrorCode::kUsage, quoted_crs(crs) +
                                         " is not a vertical CRS; give one such as EPSG:5703 "
                                         "(NAVD88), or a geographic 3D CRS such as "
                                         "EPSG:4979 for heights above the ellipsoid");
  }
}

bool equivalent_crs(PJ_CONTEXT* context, const PJ* a, const PJ* b) {
  return proj_is_equivalent_to_with_ctx(context, a, b,
                                        PJ_COMP_EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS) != 0;
}

ProjObject compound_crs(PJ_CONTEXT* context, PJ* horizontal, PJ* vertical) {
  const std::string name = std::string(proj_get_name(horizontal)) + " + " + proj_get_name(vertical);
  return ProjObject(proj_create_compound_crs(context, name.c_str(), horizontal, vertical));
}

}  // namespace topobathy
