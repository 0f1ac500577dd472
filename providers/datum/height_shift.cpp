#include "providers/datum/height_shift.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "providers/datum/height_names.h"
#include "providers/datum/vertical_shift.h"

namespace topobathy {

struct HeightShift::State {
  std::optional<VerticalShift> proj;
  ShiftInfo info;
};

HeightShift HeightShift::between(const std::string& horizontal_crs, const std::string& from,
                                 const std::string& to, const ShiftOptions& options,
                                 const std::optional<LonLatBox>& area) {
  auto state = std::make_shared<State>();
  const std::string source = in_frame_of(canonical_heights(from), horizontal_crs);
  const std::string target = in_frame_of(canonical_heights(to), horizontal_crs);
  state->proj = VerticalShift::between(horizontal_crs, source, target, area, options.proj);
  const OperationInfo& operation = state->proj->operation();
  state->info = {operation.definition, operation.name, operation.accuracy};
  for (const GridFile& grid : state->proj->grids())
    state->info.definition += "; " + grid.text();
  return HeightShift(std::move(state));
}

bool HeightShift::zero() const noexcept {
  return !state_->proj || state_->proj->zero();
}

const ShiftInfo& HeightShift::info() const noexcept {
  return state_->info;
}

void HeightShift::offsets(std::size_t n, const double* x, const double* y, double* dz) const {
  state_->proj->offsets(n, x, y, dz);
}

}  // namespace topobathy
