#include "fusion/fuse.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "fusion/compose/compositor.h"
#include "fusion/compose/layer_reader.h"
#include "fusion/count_time.h"
#include "fusion/error.h"
#include "fusion/step_revisions.h"

namespace topobathy {
namespace {

/// Pixels that show each step; a step that was read and shows nothing is "nodata" only if nothing
/// above hides it: it stays kOk.
void count_pixels(const Plane<StepIndex>& steps, std::vector<StepOutcome>& outcomes) {
  // By runs: neighbours mostly show the same step, and a count a pixel would wait for the one
  // before.
  for (std::size_t p = 0, run = 0; p < steps.size(); p = run) {
    const StepIndex step = steps.data()[p];
    for (run = p + 1; run < steps.size() && steps.data()[run] == step;)
      ++run;
    if (step < outcomes.size()) outcomes[step].pixels += static_cast<std::int64_t>(run - p);
  }
}

std::vector<std::pair<SourceId, SourceRecord>> records_of(const Plane<SourceId>& plane,
                                                          const SourceIds& ids) {
  std::unordered_set<SourceId> seen;
  SourceId last = kNoSource;
  for (std::size_t p = 0; p < plane.size(); ++p) {
    const SourceId id = plane.data()[p];
    if (id == last || id == kNoSource) continue;
    seen.insert(id);
    last = id;
  }
  std::vector<std::pair<SourceId, SourceRecord>> records;
  for (const SourceId id : seen) {
    auto record = id == kBackgroundSource ? background_record() : ids.find(id);
    if (!record)
      throw Error(ErrorCode::kInternal, "source id " + std::to_string(id) + " has no record");
    records.emplace_back(id, std::move(*record));
  }
  std::sort(records.begin(), records.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  return records;
}

StepOutcome occluded(const PlannedStep& step, Counters* counters) {
  if (counters) ++counters->layers_occluded;
  return {step.name, StepOutcome::Status::kOccluded, 0, {}};
}

StepOutcome failed(const PlannedStep& step, const std::string& message) {
  return {step.name, StepOutcome::Status::kFailed, 0, message};
}

/// \returns why the step's sources cannot tell, or "".
std::string ask_revisions(const PlannedStep& step, const Lattice& lattice,
                          const LatticeWindow& window, StepRevisions& revisions,
                          Counters* counters) {
  const CountTime counted(counters ? &counters->discover_time : nullptr);
  try {
    revisions = step_revisions(step, lattice, window);
    return {};
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kCache) throw;  // no fault of the step
    return error.message();
  }
}

}  // namespace

FusedCell fuse(const FusePlan& plan, const Lattice& lattice, const LatticeWindow& window,
               const BandSelection& bands, Counters* counters) {
  Compositor compositor(window, bands.uncertainty, bands.source);
  LayerReader reader(lattice, window, bands, counters);
  std::vector<StepOutcome> outcomes(plan.steps.size());
  std::vector<StepRevisions> revisions(plan.steps.size());
  for (std::size_t i = plan.steps.size(); i-- > 0;) {
    const PlannedStep& step = plan.steps[i];
    if (compositor.settled()) {
      outcomes[i] = occluded(step, counters);
      continue;
    }
    const SourceId step_source = bands.source ? plan.ids->assign(step.record) : kNoSource;
    // Before a pixel is read: what changes meanwhile is then no revision of this cell.
    const std::string refused = ask_revisions(step, lattice, window, revisions[i], counters);
    outcomes[i] = refused.empty() ? reader.read(step, static_cast<StepIndex>(i), step_source,
                                                compositor.open_blocks())
                                  : failed(step, refused);
    if (outcomes[i].status == StepOutcome::Status::kFailed && step.on_error == OnError::kFail)
      throw Error(ErrorCode::kUnreadable, "step '" + step.name + "': " + outcomes[i].message, {},
                  step.name);
    if (refused.empty() && reader.has_layer()) compositor.put_under(reader.layer());
  }
  compositor.resolve(plan.background);
  count_pixels(compositor.step(), outcomes);
  if (counters) ++counters->cells_fused;

  FusedCell cell;
  cell.window = cell.fused = window;
  if (bands.source) cell.sources = records_of(compositor.source(), *plan.ids);
  cell.elevation = std::move(compositor.elevation());
  cell.uncertainty = std::move(compositor.uncertainty());
  cell.source = std::move(compositor.source());
  cell.outcomes = std::move(outcomes);
  cell.revisions = std::move(revisions);
  return cell;
}

}  // namespace topobathy
