#include "providers/align/transformer.h"

#include <cmath>
#include <limits>
#include <utility>

#include "fusion/error.h"
#include "providers/align/box_image.h"
#include "providers/align/crs.h"
#include "providers/align/operations.h"
#include "providers/align/proj_crs.h"
#include "providers/align/shared_by_key.h"

namespace topobathy {
namespace {

/// Pairs of CRS and area kept ready. A choice costs 5 to 25 ms, a copy for one more thread 0.3 ms.
constexpr std::size_t kSharedOperations = 256;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

}  // namespace

struct Transformer::State {
  std::unique_ptr<const ProjOperation> operation;  ///< null: identity
  OperationInfo info;
  CrsWorld source_world, target_world;
};

std::shared_ptr<const Transformer::State> Transformer::make_state(
    const std::string& source_crs, const std::string& target_crs,
    const std::optional<LonLatBox>& area) {
  ProjContext context = make_proj_context();
  const ProjObject source = parse_horizontal_crs(context.get(), source_crs);
  const ProjObject target = parse_horizontal_crs(context.get(), target_crs);
  auto state = std::make_shared<State>();
  state->source_world = crs_world(source_crs);
  state->target_world = crs_world(target_crs);
  if (equivalent_crs(context.get(), source.get(), target.get())) {
    state->info.name = "same CRS";
    state->info.accuracy = 0.0;
    return state;
  }
  const auto operations =
      operations_between(context.get(), source.get(), target.get(), area, false);
  if (operations.empty())
    throw Error(ErrorCode::kUnsupported,
                "PROJ knows no transformation from " + quoted_crs(source_crs) + " to " +
                    quoted_crs(target_crs) + "; give one of them another CRS");
  auto chosen = ready_operation(context, operations.front().get());
  state->info = chosen->info();
  if (state->info.definition.rfind("proj=noop", 0) != 0) state->operation = std::move(chosen);
  return state;
}

Transformer::Transformer(const std::string& source_crs, const std::string& target_crs,
                         const std::optional<LonLatBox>& area) {
  static SharedByKey<State> shared(kSharedOperations);
  std::optional<LonLatBox> rounded;
  if (area) rounded = rounded_outward(*area);
  const std::string key =
      source_crs + '\0' + target_crs + '\0' + area_key(rounded) + '\0' + proj_search_path();
  state_ = shared.get(key, [&] { return make_state(source_crs, target_crs, rounded); });
}

bool Transformer::identity() const noexcept {
  return state_->operation == nullptr;
}

const OperationInfo& Transformer::operation() const noexcept {
  return state_->info;
}

void Transformer::transform(std::size_t n, double* x, double* y) const {
  if (identity()) return;
  const auto lease = state_->operation->borrow();
  for (std::size_t i = 0; i < n; ++i) {
    // HUGE_VAL as the time: "no time given"; 0 would mean the year 0 to time-dependent shifts.
    const PJ_COORD out = proj_trans(lease.get(), PJ_FWD, proj_coord(x[i], y[i], 0.0, HUGE_VAL));
    const bool image = std::isfinite(out.xy.x) && std::isfinite(out.xy.y);
    x[i] = image ? out.xy.x : kNaN;
    y[i] = image ? out.xy.y : kNaN;
  }
}

std::optional<CrsBox> Transformer::transform_box(const CrsBox& box) const {
  return box_image(*this, box, state_->source_world, state_->target_world);
}

LonLatBox to_lonlat_box(const CrsBox& box) noexcept {
  return {box.left, box.bottom, box.right > 180.0 ? box.right - 360.0 : box.right, box.top};
}

CrsBox to_crs_box(const LonLatBox& box) noexcept {
  return {box.west, box.south, box.east < box.west ? box.east + 360.0 : box.east, box.north};
}

}  // namespace topobathy
