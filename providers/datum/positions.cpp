#include "providers/datum/positions.h"

#include <cmath>

#include "fusion/error.h"
#include "providers/align/proj_crs.h"
#include "providers/datum/shift_operation.h"

namespace topobathy {
namespace {

std::string own_lonlat(PJ_CONTEXT* context, const std::string& horizontal_crs) {
  const ProjObject horizontal = unbound_crs(context, parse_horizontal_crs(context, horizontal_crs));
  const ProjObject geodetic(proj_crs_get_geodetic_crs(context, horizontal.get()));
  const ProjObject flat(proj_crs_demote_to_2D(context, nullptr, geodetic.get()));
  const char* const wkt = proj_as_wkt(context, flat.get(), PJ_WKT2_2019, nullptr);
  if (wkt == nullptr) throw Error(ErrorCode::kInternal, "PROJ cannot write a CRS as WKT");
  return wkt;
}

}  // namespace

Positions::Positions(const std::string& horizontal_crs, const std::string& frame,
                     const std::optional<LonLatBox>& area, const ProjSetup& setup) {
  ProjContext context = make_proj_context(setup);
  const std::string lonlat = own_lonlat(context.get(), horizontal_crs);
  to_lonlat_.emplace(horizontal_crs, lonlat);
  const ProjObject source = parse_crs(context.get(), lonlat);
  const ProjObject target = parse_crs(context.get(), frame);
  const ProjObject chosen = position_operation(context.get(), source.get(), target.get(), area);
  if (chosen) to_frame_ = ready_operation(context, chosen.get(), setup);
}

void Positions::transform(std::size_t n, double* x, double* y) const {
  to_lonlat_->transform(n, x, y);
  if (!to_frame_) return;
  const auto lease = to_frame_->borrow();
  for (std::size_t i = 0; i < n; ++i) {
    const PJ_COORD out = proj_trans(lease.get(), PJ_FWD, proj_coord(x[i], y[i], 0.0, HUGE_VAL));
    x[i] = out.xy.x;
    y[i] = out.xy.y;
  }
}

}  // namespace topobathy
