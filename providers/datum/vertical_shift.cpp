#include "providers/datum/vertical_shift.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "fusion/error.h"
#include "providers/align/operations.h"
#include "providers/align/proj_crs.h"
#include "providers/align/shared_by_key.h"
#include "providers/align/transformer.h"

namespace topobathy {

struct VerticalShift::Request {
  std::string horizontal_crs, from, to;
  std::optional<LonLatBox> area;
};

struct VerticalShift::State {
  std::unique_ptr<const ProjOperation> operation;  ///< null: no shift. Takes lon, lat, height
  std::optional<Transformer> to_lonlat;  ///< from the points' CRS to what `operation` takes
  double metres_up = 1.0;  ///< one unit of the target's height axis, negative if it counts down
  OperationInfo info;
};

namespace {

constexpr std::size_t kSharedShifts = 64;
constexpr std::size_t kPointsAtOnce = 1024;

std::string described(const std::string& crs, const PJ* object) {
  const char* name = proj_get_name(object);
  return quoted_crs(crs) + (name != nullptr ? " (" + std::string(name) + ")" : "");
}

/// The geographic CRS in which both references are looked up: that of an ellipsoidal height itself
/// (its datum is what the height is counted from), else that of the points.
ProjObject base_crs(PJ_CONTEXT* context, const PJ* horizontal, const HeightReference& from,
                    const HeightReference& to) {
  if (from.ellipsoidal) return ProjObject(proj_crs_demote_to_2D(context, nullptr, from.crs.get()));
  if (to.ellipsoidal) return ProjObject(proj_crs_demote_to_2D(context, nullptr, to.crs.get()));
  const ProjObject base(proj_crs_get_geodetic_crs(context, horizontal));
  return ProjObject(proj_crs_demote_to_2D(context, nullptr, base.get()));
}

/// The reference as a CRS with three coordinates.
ProjObject spatial_crs(PJ_CONTEXT* context, PJ* base, const HeightReference& heights) {
  if (heights.ellipsoidal) return ProjObject(proj_clone(context, heights.crs.get()));
  return compound_crs(context, base, heights.crs.get());
}

double height_unit(PJ_CONTEXT* context, const HeightReference& heights) {
  const ProjObject system(proj_crs_get_coordinate_system(context, heights.crs.get()));
  const char* direction = nullptr;
  double unit = 1.0;
  if (!system || proj_cs_get_axis_info(context, system.get(), heights.ellipsoidal ? 2 : 0, nullptr,
                                       nullptr, &direction, &unit, nullptr, nullptr, nullptr) == 0)
    throw Error(ErrorCode::kInternal, "PROJ gives no axis for a vertical CRS");
  return std::string(direction) == "down" ? -unit : unit;
}

std::optional<LonLatBox> area_of_use(PJ_CONTEXT* context, const PJ* crs) {
  LonLatBox area;
  if (proj_get_area_of_use(context, crs, &area.west, &area.south, &area.east, &area.north,
                           nullptr) == 0 ||
      area.west < -180.0)  // -1000: unknown
    return std::nullopt;
  return area;
}

[[noreturn]] void refuse(const std::string& from, const std::string& to,
                         const std::vector<std::string>& grids) {
  const std::string what = "heights cannot be brought from " + from + " to " + to + ": ";
  if (grids.empty())
    throw Error(ErrorCode::kUnsupported, what +
                                             "PROJ knows no transformation there; convert the data "
                                             "first, or state the same vertical_crs");
  std::string names;
  for (const std::string& grid : grids)
    names += (names.empty() ? "" : ", ") + grid;
  const std::string lack = grids.size() == 1
                               ? "grid " + names + " is not installed; put it"
                               : "none of the grids " + names + " is installed; put one";
  throw Error(ErrorCode::kUnsupported,
              what + lack +
                  " into a PROJ data directory (projsync --file NAME fetches it) or name its "
                  "directory in PROJ_DATA");
}

}  // namespace

std::shared_ptr<const VerticalShift::State> VerticalShift::make_state(const Request& request) {
  ProjContext context = make_proj_context();
  const HeightReference from = parse_height_reference(context.get(), request.from);
  const HeightReference to = parse_height_reference(context.get(), request.to);
  const ProjObject horizontal =
      unbound_crs(context.get(), parse_horizontal_crs(context.get(), request.horizontal_crs));
  auto state = std::make_shared<State>();
  if (equivalent_crs(context.get(), from.crs.get(), to.crs.get())) {
    state->info.name = "same vertical CRS";
    state->info.accuracy = 0.0;
    return state;
  }
  const auto area = request.area ? request.area : area_of_use(context.get(), horizontal.get());
  const ProjObject base = base_crs(context.get(), horizontal.get(), from, to);
  const auto operations =
      operations_between(context.get(), spatial_crs(context.get(), base.get(), from).get(),
                         spatial_crs(context.get(), base.get(), to).get(), area, true);
  std::vector<std::string> missing;
  for (const ProjObject& operation : operations) {
    if (proj_coordoperation_has_ballpark_transformation(context.get(), operation.get()) == 1)
      continue;
    if (proj_coordoperation_is_instantiable(context.get(), operation.get()) == 1) {
      const char* wkt = proj_as_wkt(context.get(), base.get(), PJ_WKT2_2019, nullptr);
      state->to_lonlat.emplace(request.horizontal_crs, wkt, area);
      state->metres_up = height_unit(context.get(), to);
      state->operation = ready_operation(context, operation.get());
      state->info = state->operation->info();
      return state;
    }
    for (const std::string& grid : missing_grids(context.get(), operation.get()))
      if (std::find(missing.begin(), missing.end(), grid) == missing.end()) missing.push_back(grid);
  }
  refuse(described(request.from, from.crs.get()), described(request.to, to.crs.get()), missing);
}

VerticalShift VerticalShift::between(const std::string& horizontal_crs, const std::string& from,
                                     const std::string& to, const std::optional<LonLatBox>& area) {
  static SharedByKey<State> shared(kSharedShifts);
  Request request{horizontal_crs, from, to, std::nullopt};
  if (area) request.area = rounded_outward(*area);
  const std::string key = horizontal_crs + '\0' + from + '\0' + to + '\0' + area_key(request.area) +
                          '\0' + proj_search_path();
  return VerticalShift(shared.get(key, [&] { return make_state(request); }));
}

bool VerticalShift::zero() const noexcept {
  return state_->operation == nullptr;
}

const OperationInfo& VerticalShift::operation() const noexcept {
  return state_->info;
}

void VerticalShift::offsets(std::size_t n, const double* x, const double* y, double* dz) const {
  if (zero()) {
    std::fill(dz, dz + n, 0.0);
    return;
  }
  const auto lease = state_->operation->borrow();
  std::vector<double> lon, lat;
  for (std::size_t begin = 0; begin < n; begin += kPointsAtOnce) {
    const std::size_t end = std::min(n, begin + kPointsAtOnce);
    lon.assign(x + begin, x + end);
    lat.assign(y + begin, y + end);
    state_->to_lonlat->transform(lon.size(), lon.data(), lat.data());
    for (std::size_t i = 0; i < lon.size(); ++i) {
      // Height 0 of the source reference: its own unit and direction then do not matter.
      const PJ_COORD out =
          proj_trans(lease.get(), PJ_FWD, proj_coord(lon[i], lat[i], 0.0, HUGE_VAL));
      dz[begin + i] = std::isfinite(out.xyz.z) ? out.xyz.z * state_->metres_up
                                               : std::numeric_limits<double>::quiet_NaN();
    }
  }
}

}  // namespace topobathy
