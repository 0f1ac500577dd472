#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fusion/fuse.h"

namespace topobathy::testing_support {

/// One pixel of a layer.
struct Sample {
  float elevation = kNoValue;
  float uncertainty = kNoValue;
  SourceId source = kNoSource;
};

/// A layer given by a function of lattice pixels: fusing without files.
class AnalyticLayer final : public LayerSource {
 public:
  using Function = std::function<Sample(const Lattice&, std::int64_t col, std::int64_t row)>;
  explicit AnalyticLayer(Function function) : function_(std::move(function)) {}

  /// Makes every read end like this; an empty text mends it.
  void fail_with(std::string failure) { failure_ = std::move(failure); }
  void lose(std::string lost) { lost_ = std::move(lost); }
  void cover_nothing() { covers_ = false; }
  int reads() const noexcept { return reads_; }

  bool may_cover(const Lattice&, const LatticeWindow&) override { return covers_; }
  std::vector<SourceRevision> revisions(const Lattice&, const LatticeWindow&) override {
    return {};
  }
  LayerOutcome read(const LayerRequest& request, LayerPlanes& planes) override {
    ++reads_;
    if (!failure_.empty()) return LayerFailure{failure_};
    const BlockMask& mask = *request.wanted;
    for (std::int64_t b = mask.top(); b < mask.top() + mask.rows(); ++b)
      for (std::int64_t a = mask.left(); a < mask.left() + mask.columns(); ++a)
        if (mask.wanted(a, b)) fill(request, BlockMask::pixels(a, b), planes);
    return LayerRead{lost_};
  }
  std::optional<LonLatBox> lonlat_extent() override { return std::nullopt; }
  std::size_t named_sources() const override { return 1; }
  std::vector<SourceId> source_ids(bool) override { return {}; }
  bool revalidate() override { return false; }

 private:
  void fill(const LayerRequest& request, const LatticeWindow& block, LayerPlanes& planes) const {
    const LatticeWindow part = block.intersect(request.window);
    const bool core = !block.intersect(request.core).empty();
    for (std::int64_t r = part.row; r < part.bottom(); ++r) {
      for (std::int64_t c = part.col; c < part.right(); ++c) {
        const Sample sample = function_(*request.lattice, c, r);
        const std::int64_t x = c - request.window.col, y = r - request.window.row;
        planes.elevation.at(x, y) = sample.elevation;
        if (core && request.uncertainty) planes.uncertainty.at(x, y) = sample.uncertainty;
        if (core && request.source) planes.source.at(x, y) = sample.source;
      }
    }
  }

  Function function_;
  std::string failure_, lost_;
  bool covers_ = true;
  int reads_ = 0;
};

inline AnalyticLayer::Function constant(float value) {
  return [value](const Lattice&, std::int64_t, std::int64_t) { return Sample{value, kNoValue, 0}; };
}

/// A plan built step by step, bottom-up.
class PlanBuilder {
 public:
  PlanBuilder() { plan_.ids = std::make_shared<MemorySourceIds>(); }

  /// Adds a step of provider "raster" and \returns it for further settings.
  PlannedStep& add(const std::string& name, AnalyticLayer::Function function, Blend blend = {}) {
    PlannedStep step;
    step.name = name;
    step.provider = "raster";
    step.rule.own = blend;
    step.record.provider = "raster";
    step.record.key = "step:" + name;
    step.record.survey_id = name;
    step.record.whole_step = true;
    step.source = std::make_shared<AnalyticLayer>(std::move(function));
    plan_.steps.push_back(std::move(step));
    return plan_.steps.back();
  }
  AnalyticLayer& layer(std::size_t step) {
    return static_cast<AnalyticLayer&>(*plan_.steps[step].source);
  }
  FusePlan& plan() noexcept { return plan_; }
  SourceId id_of(std::size_t step) { return plan_.ids->assign(plan_.steps[step].record); }
  /// A transition of the last step onto one below.
  void transition(std::size_t target, Blend blend) {
    BlendTransition rule{std::vector<bool>(plan_.steps.size()), blend};
    rule.targets[target] = true;
    plan_.steps.back().rule.transitions.push_back(std::move(rule));
  }

 private:
  FusePlan plan_;
};

inline Blend feather(double metres) {
  return {Operator::kMetricFeather, metres, 0.5};
}
inline Blend linear(double weight) {
  return {Operator::kLinearBlend, 0.0, weight};
}
inline Blend overwrite() {
  return {};
}

/// A grid in metres: 10 m pixels unless said otherwise.
inline Lattice metres(double resolution = 10) {
  CrsTraits traits;
  traits.kind = CrsTraits::Kind::kProjected;
  return Lattice::from_resolution("EPSG:26919", traits, resolution);
}

}  // namespace topobathy::testing_support
