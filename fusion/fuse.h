#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fusion/compose/blend_rule.h"
#include "fusion/fused_cell.h"
#include "fusion/fused_raster.h"
#include "fusion/operators/feather.h"
#include "fusion/operators/zone_mask.h"

namespace topobathy {

/// A policy step made ready: targets resolved, zone in lattice coordinates, its layer source at
/// hand.
struct PlannedStep {
  std::string name;
  std::string provider;
  BlendRule rule;
  std::shared_ptr<const ZoneMask> zone;  ///< null = everywhere
  std::optional<float> background;
  UncertaintyModel uncertainty;
  double despike = 0.0;  ///< metres, 0 = off
  double gap = 0.0;      ///< metres, 0 = off
  OnError on_error = OnError::kFail;
  SourceRecord record;  ///< of the whole step, for pixels without a finer source
  std::shared_ptr<LayerSource> source;
};

/// A policy made ready for fusing. Immutable while in use; shared between threads.
struct FusePlan {
  std::vector<PlannedStep> steps;  ///< bottom-up
  std::optional<double> background;
  std::shared_ptr<SourceIds> ids;
};

/// How far beyond a window a step's layer is looked at: feather, gap fill, despike.
Halo step_halo(const PlannedStep& step, const Lattice& lattice, const LatticeWindow& window);

/// Fuses one window of a lattice: samples the steps from the top down (with their halo), until
/// nothing beneath can show. Every pixel depends on plan, lattice and sources alone, whatever the
/// window (law 1). \throws Error when a step fails whose on_error is kFail; steps with kSkip become
/// a failed outcome
FusedCell fuse(const FusePlan& plan, const Lattice& lattice, const LatticeWindow& window,
               const BandSelection& bands, Counters* counters);

}  // namespace topobathy
