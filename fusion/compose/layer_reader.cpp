#include "fusion/compose/layer_reader.h"

#include <algorithm>
#include <variant>
#include <vector>

#include "fusion/count_time.h"
#include "fusion/operators/despike.h"
#include "fusion/operators/feather.h"
#include "fusion/operators/gap_fill.h"

namespace topobathy {
namespace {

Halo operator+(const Halo& a, const Halo& b) noexcept {
  return {a.columns + b.columns, a.rows + b.rows};
}

/// The box of the wanted blocks; empty when none is wanted.
LatticeWindow bounds(const BlockMask& mask) noexcept {
  std::int64_t left = mask.left() + mask.columns(), right = mask.left();
  std::int64_t top = mask.top() + mask.rows(), bottom = mask.top();
  for (std::int64_t b = mask.top(); b < mask.top() + mask.rows(); ++b) {
    for (std::int64_t a = mask.left(); a < mask.left() + mask.columns(); ++a) {
      if (!mask.wanted(a, b)) continue;
      left = std::min(left, a);
      right = std::max(right, a + 1);
      top = std::min(top, b);
      bottom = std::max(bottom, b + 1);
    }
  }
  return LatticeWindow::from_edges(left * kBlock, top * kBlock, right * kBlock, bottom * kBlock);
}

template <class Function>
void for_each_block(const BlockMask& mask, bool wanted, const LatticeWindow& window,
                    Function function) {
  for (std::int64_t b = mask.top(); b < mask.top() + mask.rows(); ++b)
    for (std::int64_t a = mask.left(); a < mask.left() + mask.columns(); ++a)
      if (mask.wanted(a, b) == wanted) function(BlockMask::pixels(a, b).intersect(window));
}

Halo gap_halo(const PlannedStep& step, const Lattice& lattice, const LatticeWindow& window) {
  if (!(step.gap > 0)) return {};
  const GroundPixel pixel = lattice.smallest_ground_pixel(window.row, window.bottom());
  return {gap_fill_halo(step.gap, {pixel.width, pixel.width}),
          gap_fill_halo(step.gap, {pixel.height, pixel.height})};
}

}  // namespace

Halo step_halo(const PlannedStep& step, const Lattice& lattice, const LatticeWindow& window) {
  Halo halo = feather_halo(lattice, window, step.rule.reach());
  halo = halo + gap_halo(step, lattice, window.grow(halo.columns, halo.rows));
  return step.despike > 0 ? halo + Halo{kDespikeHalo, kDespikeHalo} : halo;
}

BlockMask LayerReader::wanted_blocks(const BlockMask& open, const Halo& halo) const {
  const LatticeWindow grown = window_.grow(halo.columns, halo.rows);
  BlockMask wanted(grown, false);
  for_each_block(open, true, window_, [&](const LatticeWindow& block) {
    const LatticeWindow need = block.grow(halo.columns, halo.rows);
    for (std::int64_t b = floor_div(need.row, kBlock); b * kBlock < need.bottom(); ++b)
      for (std::int64_t a = floor_div(need.col, kBlock); a * kBlock < need.right(); ++a)
        wanted.set(a, b, true);
  });
  return wanted;
}

bool LayerReader::may_cover(const PlannedStep& step, const LatticeWindow& need) const {
  const CountTime counted(counters_ ? &counters_->discover_time : nullptr);
  return step.source->may_cover(lattice_, need);
}

LayerOutcome LayerReader::fetch(const PlannedStep& step, const BlockMask& wanted) {
  const LatticeWindow need = bounds(wanted).intersect(planes_.window);
  if (step.zone && step.zone->classify(lattice_, need) == ZoneMask::Cover::kOutside)
    return NoCoverage{};
  if (!may_cover(step, need)) return NoCoverage{};
  LayerRequest request;
  request.lattice = &lattice_;
  request.window = planes_.window;
  const Halo ring = gap_halo(
      step, lattice_, window_);  // a filled pixel asks its ring for uncertainty and source too
  request.core = window_.grow(ring.columns, ring.rows);
  request.wanted = &wanted;
  request.uncertainty = bands_.uncertainty;
  request.source = bands_.source;
  request.counters = counters_;
  return step.source->read(request, planes_);
}

void LayerReader::clear(const BlockMask& blocks, bool wanted) {
  for_each_block(blocks, wanted, planes_.window, [&](const LatticeWindow& block) {
    for (std::int64_t r = block.row; r < block.bottom(); ++r)
      std::fill_n(planes_.elevation.row(r - planes_.window.row) + (block.col - planes_.window.col),
                  block.width, kNoValue);
  });
}

void LayerReader::put_background(float value, const BlockMask& wanted) {
  for_each_block(wanted, true, planes_.window, [&](const LatticeWindow& block) {
    for (std::int64_t r = block.row; r < block.bottom(); ++r) {
      for (std::int64_t c = block.col; c < block.right(); ++c) {
        const std::int64_t x = c - planes_.window.col, y = r - planes_.window.row;
        float& elevation = planes_.elevation.at(x, y);
        if (elevation == elevation) continue;
        elevation = value;
        if (!planes_.uncertainty.empty()) planes_.uncertainty.at(x, y) = kNoValue;
        if (!planes_.source.empty()) planes_.source.at(x, y) = kNoSource;
      }
    }
  });
}

void LayerReader::fill_gaps(double gap) {
  std::vector<GroundPixel> rows;
  for (std::int64_t r = planes_.window.row; r < planes_.window.bottom(); ++r)
    rows.push_back(lattice_.ground_pixel(r));
  gap_fill(planes_.elevation, planes_.uncertainty, planes_.source, rows, gap);
}

void LayerReader::refine(const PlannedStep& step, const BlockMask& wanted) {
  // What was not asked for holds old pixels: an operator that looks around must see "no value"
  // there.
  if (step.despike > 0 || step.gap > 0 || step.rule.reach() > 0) clear(wanted, false);
  if (step.despike > 0) despike(planes_.elevation, step.despike);
  if (step.gap > 0) fill_gaps(step.gap);
  if (step.background) put_background(*step.background, wanted);
  if (step.zone) step.zone->apply(lattice_, planes_.window, planes_.elevation);
}

StepOutcome LayerReader::read(const PlannedStep& step, StepIndex index, SourceId step_source,
                              const BlockMask& open) {
  StepOutcome outcome{step.name, StepOutcome::Status::kNoData, 0, {}};
  layer_ = {};
  const Halo halo = step_halo(step, lattice_, window_);
  const BlockMask wanted = wanted_blocks(open, halo);
  planes_.window = window_.grow(halo.columns, halo.rows);
  planes_.elevation.reshape(planes_.window.width, planes_.window.height);
  if (bands_.uncertainty) planes_.uncertainty.reshape(planes_.window.width, planes_.window.height);
  if (bands_.source) planes_.source.reshape(planes_.window.width, planes_.window.height);
  const LayerOutcome fetched = fetch(step, wanted);
  if (const auto* failure = std::get_if<LayerFailure>(&fetched)) {
    outcome.status = StepOutcome::Status::kFailed;
    outcome.message = failure->message;
    return outcome;
  }
  if (const auto* read = std::get_if<LayerRead>(&fetched)) {
    outcome.message = read->lost;
    if (counters_) ++counters_->layers_read;
  } else {
    if (!step.background) return outcome;
    clear(wanted, true);
  }
  refine(step, wanted);
  layer_ = {&planes_, nullptr, &step.rule, index, step_source, step.uncertainty};
  if (step.rule.reach() > 0) {
    feather_distance(lattice_, planes_.window, planes_.elevation, window_, open, step.rule.reach(),
                     distance_);
    layer_.distance = &distance_;
  }
  outcome.status =
      outcome.message.empty() ? StepOutcome::Status::kOk : StepOutcome::Status::kFailed;
  return outcome;
}

}  // namespace topobathy
