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
#include "providers/datum/height_home.h"
#include "providers/datum/positions.h"
#include "providers/datum/shift_operation.h"

namespace topobathy {

struct VerticalShift::Request {
  std::string horizontal_crs, from, to;
  std::optional<LonLatBox> area;
  ProjSetup setup;
};

struct VerticalShift::State {
  std::unique_ptr<const ProjOperation> operation;  ///< null: no shift. Takes lon, lat, height
  std::optional<Positions> positions;              ///< of the points, as `operation` takes them
  double metres_up = 1.0;  ///< one unit of the target's height axis, negative if it counts down
  OperationInfo info;
  std::vector<GridFile> grids;
  std::string heights;  ///< "heights cannot be brought from A to B", for messages

  /// At a place of the operation's frame; NaN where its grids have no value. \throws
  /// Error(kUnreadable)
  double at(ProjOperation::Lease& lease, double lon, double lat) const;
};

namespace {

constexpr std::size_t kSharedShifts = 256;
constexpr std::size_t kPointsAtOnce = 1024;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::string described(const std::string& crs, const PJ* object) {
  const char* name = proj_get_name(object);
  return quoted_crs(crs) + (name != nullptr ? " (" + std::string(name) + ")" : "");
}

ProjObject flat(PJ_CONTEXT* context, const PJ* crs) {
  return ProjObject(proj_crs_demote_to_2D(context, nullptr, crs));
}

ProjObject own_lonlat(PJ_CONTEXT* context, const PJ* horizontal) {
  return flat(context, ProjObject(proj_crs_get_geodetic_crs(context, horizontal)).get());
}

/// The geographic CRS that heights are looked up in: of ellipsoidal ones their own, of others their
/// home; else that of the other side, if it is ellipsoidal, else that of the points.
ProjObject frame_of(PJ_CONTEXT* context, const PJ* horizontal, const HeightReference& heights,
                    const HeightReference& other) {
  if (heights.ellipsoidal) return flat(context, heights.crs.get());
  if (const auto home = home_frame(context, heights)) return parse_crs(context, *home);
  if (other.ellipsoidal) return flat(context, other.crs.get());
  return own_lonlat(context, horizontal);
}

/// The reference as a CRS with three coordinates.
ProjObject spatial_crs(PJ_CONTEXT* context, PJ* frame, const HeightReference& heights) {
  if (heights.ellipsoidal) return ProjObject(proj_clone(context, heights.crs.get()));
  return compound_crs(context, frame, heights.crs.get());
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

bool same_datum(PJ_CONTEXT* context, const HeightReference& a, const HeightReference& b) {
  if (equivalent_crs(context, a.crs.get(), b.crs.get())) return true;
  if (a.ellipsoidal || b.ellipsoidal) return false;
  const ProjObject first(proj_crs_get_datum_forced(context, a.crs.get()));
  const ProjObject second(proj_crs_get_datum_forced(context, b.crs.get()));
  return first && second && equivalent_crs(context, first.get(), second.get());
}

[[noreturn]] void refuse_grid(const std::string& heights, const std::vector<GridFile>& grids,
                              int error) {
  std::string names;
  for (const GridFile& grid : grids)
    names += (names.empty() ? "" : ", ") + (grid.path.empty() ? grid.name : "'" + grid.path + "'");
  throw Error(ErrorCode::kUnreadable,
              heights + ": PROJ " + std::to_string(PROJ_VERSION_MAJOR) + "." +
                  std::to_string(PROJ_VERSION_MINOR) + " cannot use " +
                  (names.empty() ? "the operation" : names) + " (" +
                  proj_context_errno_string(nullptr, error) +
                  "); get the grid again, or use a PROJ that knows its kind");
}

std::string wkt_of(PJ_CONTEXT* context, const PJ* crs) {
  const char* const wkt = proj_as_wkt(context, crs, PJ_WKT2_2019, nullptr);
  if (wkt == nullptr) throw Error(ErrorCode::kInternal, "PROJ cannot write a CRS as WKT");
  return wkt;
}

std::vector<GridFile> look_at(const std::vector<UsedGrid>& used) {
  std::vector<GridFile> grids;
  grids.reserve(used.size());
  for (const UsedGrid& grid : used) {
    const bool remote = grid.path.find("://") != std::string::npos;
    grids.push_back(look_at_grid(grid.name, remote ? "" : grid.path));
  }
  return grids;
}

/// Makes the operation ready to run. \pre `best` belongs to `context`, which is taken over
std::unique_ptr<const ProjOperation> ready_shift(ProjContext& context, const PJ* best,
                                                 const std::string& heights,
                                                 const std::vector<GridFile>& grids,
                                                 const ProjSetup& setup) {
  if (proj_coordoperation_is_instantiable(context.get(), best) != 1)
    refuse_grid(heights, grids, PROJ_ERR_INVALID_OP_FILE_NOT_FOUND_OR_INVALID);
  return ready_operation(context, best, setup);
}

}  // namespace

double VerticalShift::State::at(ProjOperation::Lease& lease, double lon, double lat) const {
  if (!std::isfinite(lon) || !std::isfinite(lat)) return kNaN;
  proj_errno_reset(lease.get());
  // Height 0 of the source reference: its own unit and direction then do not matter.
  const PJ_COORD out = proj_trans(lease.get(), PJ_FWD, proj_coord(lon, lat, 0.0, HUGE_VAL));
  if (std::isfinite(out.xyz.z)) return out.xyz.z * metres_up;
  const int error = proj_errno(lease.get());
  if (!is_grid_trouble(error)) return kNaN;
  // PROJ passes heights unchanged, without a word, once a grid could not be opened.
  lease.discard();
  refuse_grid(heights, grids, error);
}

std::shared_ptr<const VerticalShift::State> VerticalShift::make_state(const Request& request) {
  ProjContext context = make_proj_context(request.setup);
  PJ_CONTEXT* const proj = context.get();
  const HeightReference from = parse_height_reference(proj, request.from);
  const HeightReference to = parse_height_reference(proj, request.to);
  const ProjObject horizontal =
      unbound_crs(proj, parse_horizontal_crs(proj, request.horizontal_crs));
  auto state = std::make_shared<State>();
  if (same_datum(proj, from, to)) {
    state->info.name = "same vertical datum";
    state->info.accuracy = 0.0;
    return state;
  }
  state->heights = "heights cannot be brought from " + described(request.from, from.crs.get()) +
                   " to " + described(request.to, to.crs.get());
  const auto area = request.area ? request.area : area_of_use(proj, horizontal.get());
  const ProjObject frame = frame_of(proj, horizontal.get(), from, to);
  const ProjObject target_frame = frame_of(proj, horizontal.get(), to, from);
  const ProjObject best = best_shift(proj, spatial_crs(proj, frame.get(), from).get(),
                                     spatial_crs(proj, target_frame.get(), to).get(), area);
  if (!best)
    throw Error(ErrorCode::kUnsupported, state->heights +
                                             ": PROJ knows no transformation there; convert the "
                                             "data first, or state the same vertical_crs");
  const auto used = used_grids(proj, best.get());
  require_grids(state->heights, used, request.setup);
  state->grids = look_at(used);
  state->positions.emplace(request.horizontal_crs, wkt_of(proj, frame.get()), area, request.setup);
  state->metres_up = height_unit(proj, to);
  state->operation = ready_shift(context, best.get(), state->heights, state->grids, request.setup);
  state->info = state->operation->info();
  return state;
}

VerticalShift VerticalShift::between(const std::string& horizontal_crs, const std::string& from,
                                     const std::string& to, const std::optional<LonLatBox>& area,
                                     const ProjSetup& setup) {
  static SharedByKey<State> shared(kSharedShifts);
  Request request{horizontal_crs, from, to, std::nullopt, setup};
  if (area) request.area = rounded_outward(*area);
  const std::string key = horizontal_crs + '\0' + from + '\0' + to + '\0' + area_key(request.area) +
                          '\0' + proj_search_path(setup);
  return VerticalShift(shared.get(
      key, [&] { return make_state(request); },
      [](const State& state) { return are_unchanged(state.grids); }));
}

bool VerticalShift::zero() const noexcept {
  return state_->operation == nullptr;
}

const OperationInfo& VerticalShift::operation() const noexcept {
  return state_->info;
}

const std::vector<GridFile>& VerticalShift::grids() const noexcept {
  return state_->grids;
}

void VerticalShift::offsets(std::size_t n, const double* x, const double* y, double* dz) const {
  if (zero()) {
    std::fill(dz, dz + n, 0.0);
    return;
  }
  // Copies of the operation open the grids again: they must be those that the shift was made of.
  require_unchanged_grids(state_->grids);
  auto lease = state_->operation->borrow();
  std::vector<double> lon, lat;
  for (std::size_t begin = 0; begin < n; begin += kPointsAtOnce) {
    const std::size_t end = std::min(n, begin + kPointsAtOnce);
    lon.assign(x + begin, x + end);
    lat.assign(y + begin, y + end);
    state_->positions->transform(lon.size(), lon.data(), lat.data());
    for (std::size_t i = 0; i < lon.size(); ++i)
      dz[begin + i] = state_->at(lease, lon[i], lat[i]);
  }
}

}  // namespace topobathy
