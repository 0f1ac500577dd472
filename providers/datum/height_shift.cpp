#include "providers/datum/height_shift.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>
#include <vector>

#include "fusion/error.h"
#include "providers/align/operations.h"
#include "providers/align/shared_by_key.h"
#include "providers/datum/height_names.h"
#include "providers/datum/vdatum_shift.h"
#include "providers/datum/vertical_shift.h"

namespace topobathy {

namespace {

constexpr std::size_t kSharedShifts = 1024;

using Part = std::variant<VerticalShift, VdatumShift>;

/// From one datum to the next; what a shift is made of.
struct Leg {
  std::string from, to;
};

/// Through which datums the way leads: tidal ones are joined to others by VDatum's own hub, NAVD88
/// or, in Puerto Rico and the Virgin Islands, PRVD02.
std::vector<Leg> route(const std::string& from, const std::string& to,
                       const std::optional<LonLatBox>& area) {
  if (from == to) return {};
  const auto is_hub = [](const std::string& datum) {
    return datum == "EPSG:5703" || datum == "EPSG:6641" || datum == "EPSG:6642";
  };
  const auto is_river = [](const std::string& datum) { return datum == "CRD"; };
  const bool tidal_from = VdatumShift::is_tidal(from), tidal_to = VdatumShift::is_tidal(to);
  const bool river = is_river(from) || is_river(to);
  if (!tidal_from && !tidal_to) return {{from, to}};
  if (tidal_from && tidal_to && !river) return {{from, to}};
  if (is_hub(from) && tidal_to && (!river || from == "EPSG:5703")) return {{from, to}};
  if (is_hub(to) && tidal_from && (!river || to == "EPSG:5703")) return {{from, to}};
  const std::string hub = river ? "EPSG:5703" : VdatumShift::hub(area);
  return {{from, hub}, {hub, to}};
}

bool is_vdatum(const Leg& leg) {
  return VdatumShift::is_tidal(leg.from) || VdatumShift::is_tidal(leg.to);
}

}  // namespace

struct HeightShift::State {
  std::vector<Part> parts;  ///< none: heights pass unchanged
  ShiftInfo info{"", "same vertical datum", 0.0};
  std::vector<GridFile> files;

  void add(VerticalShift shift) {
    if (shift.zero()) return;
    const OperationInfo& operation = shift.operation();
    std::string text = operation.definition;
    for (const GridFile& grid : shift.grids())
      text += " [" + grid.text() + "]";
    describe(operation.name, text, operation.accuracy);
    files.insert(files.end(), shift.grids().begin(), shift.grids().end());
    parts.emplace_back(std::move(shift));
  }
  void add(VdatumShift shift) {
    describe(shift.name(), shift.definition(), VdatumShift::kAccuracy);
    files.insert(files.end(), shift.files().begin(), shift.files().end());
    parts.emplace_back(std::move(shift));
  }

 private:
  void describe(const std::string& pipeline, const std::string& definition, double accuracy) {
    if (parts.empty()) {
      info = {definition, pipeline, accuracy};
      return;
    }
    info.pipeline += ", " + pipeline;
    info.definition += "; " + definition;
    const bool known = info.accuracy >= 0.0 && accuracy >= 0.0;
    info.accuracy = known ? std::hypot(info.accuracy, accuracy) : -1.0;
  }
};

std::shared_ptr<const HeightShift::State> HeightShift::make_state(
    const std::string& horizontal_crs, const std::string& from, const std::string& to,
    const ShiftOptions& options, const std::optional<LonLatBox>& area) {
  auto state = std::make_shared<State>();
  if (from == to) return state;
  const auto legs = route(in_frame_of(canonical_heights(from), horizontal_crs),
                          in_frame_of(canonical_heights(to), horizontal_crs), area);
  for (const Leg& leg : legs) {
    if (is_vdatum(leg))
      state->add(VdatumShift::between(horizontal_crs, leg.from, leg.to, options, area));
    else
      state->add(VerticalShift::between(horizontal_crs, leg.from, leg.to, area, options.proj));
  }
  return state;
}

HeightShift HeightShift::between(const std::string& horizontal_crs, const std::string& from,
                                 const std::string& to, const ShiftOptions& options,
                                 const std::optional<LonLatBox>& area) {
  static SharedByKey<State> shared(kSharedShifts);
  std::optional<LonLatBox> around;
  if (area) around = rounded_outward(*area);
  const std::string key = horizontal_crs + '\0' + from + '\0' + to + '\0' + area_key(around) +
                          '\0' + options.vdatum + '\0' + proj_search_path(options.proj);
  return HeightShift(shared.get(
      key, [&] { return make_state(horizontal_crs, from, to, options, around); },
      [](const State& state) { return are_unchanged(state.files); }));
}

bool HeightShift::zero() const noexcept {
  return state_->parts.empty();
}

const ShiftInfo& HeightShift::info() const noexcept {
  return state_->info;
}

void HeightShift::offsets(std::size_t n, const double* x, const double* y, double* dz) const {
  std::fill(dz, dz + n, 0.0);
  std::vector<double> one(n);
  for (const Part& part : state_->parts) {
    std::visit([&](const auto& shift) { shift.offsets(n, x, y, one.data()); }, part);
    for (std::size_t i = 0; i < n; ++i)
      dz[i] += one[i];
  }
}

}  // namespace topobathy
