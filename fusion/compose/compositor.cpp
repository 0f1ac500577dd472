#include "fusion/compose/compositor.h"

#include <cmath>
#include <utility>

namespace topobathy {
namespace {

float stated_or_modelled(float stated, float elevation, const UncertaintyModel& model) noexcept {
  if (stated == stated || (model.constant <= 0 && model.depth_factor <= 0)) return stated;
  const double depth = elevation < 0 ? -static_cast<double>(elevation) : 0.0;
  return static_cast<float>(std::hypot(model.constant, model.depth_factor * depth));
}

/// sqrt((w_a a)^2 + (w_b b)^2); a side that states none adds nothing, NaN when neither does.
float blend_uncertainty(float beneath, float upper, float weight) noexcept {
  const bool has_beneath = beneath == beneath;
  const bool has_upper = upper == upper;
  if (!has_beneath && !has_upper) return kNoValue;
  const float a = has_beneath ? beneath * (1.0F - weight) : 0.0F;
  const float b = has_upper ? upper * weight : 0.0F;
  return std::sqrt(a * a + b * b);
}

}  // namespace

Compositor::Compositor(const LatticeWindow& window, bool uncertainty, bool source)
    : window_(window),
      want_uncertainty_(uncertainty),
      want_source_(source),
      elevation_(window.width, window.height, kNoValue),
      step_(window.width, window.height, kNoStep),
      state_(window.width, window.height, kOpen),
      open_(window.area()),
      open_blocks_(window, true) {
  if (uncertainty) uncertainty_ = Plane<float>(window.width, window.height, kNoValue);
  if (source) source_ = Plane<SourceId>(window.width, window.height, kNoSource);
}

void Compositor::put_under(const ComposedLayer& layer) {
  Slice pending{layer.rule, layer.step, {}};
  for (std::int64_t b = open_blocks_.top(); b < open_blocks_.top() + open_blocks_.rows(); ++b) {
    for (std::int64_t a = open_blocks_.left(); a < open_blocks_.left() + open_blocks_.columns();
         ++a) {
      if (!open_blocks_.wanted(a, b)) continue;
      const LatticeWindow block = BlockMask::pixels(a, b).intersect(window_);
      const std::int64_t before = open_;
      put_block(layer, block, pending);
      if (open_ == before) continue;
      bool open = false;
      for (std::int64_t r = block.row; r < block.bottom() && !open; ++r) {
        const std::uint8_t* state = state_.row(r - window_.row) + (block.col - window_.col);
        for (std::int64_t i = 0; i < block.width; ++i)
          open |= state[i] != kSettled;
      }
      open_blocks_.set(a, b, open);
    }
  }
  if (!pending.contributions.empty()) slices_.push_back(std::move(pending));
}

void Compositor::put_block(const ComposedLayer& layer, const LatticeWindow& block, Slice& pending) {
  const LayerPlanes& planes = *layer.planes;
  const bool always_hides = layer.distance == nullptr && hides_all(*layer.rule, 0.0F);
  for (std::int64_t r = block.row; r < block.bottom(); ++r) {
    const std::int64_t from = block.col - planes.window.col;
    const float* elevation = planes.elevation.row(r - planes.window.row) + from;
    const float* uncertainty = want_uncertainty_ && !planes.uncertainty.empty()
                                   ? planes.uncertainty.row(r - planes.window.row) + from
                                   : nullptr;
    const SourceId* source = want_source_ && !planes.source.empty()
                                 ? planes.source.row(r - planes.window.row) + from
                                 : nullptr;
    const float* distance =
        layer.distance ? layer.distance->row(r - window_.row) + (block.col - window_.col) : nullptr;
    const std::int64_t first = (r - window_.row) * window_.width + (block.col - window_.col);
    for (std::int64_t i = 0; i < block.width; ++i) {
      std::uint8_t& state = state_.data()[first + i];
      const float value = elevation[i];
      if (state == kSettled || value != value) continue;
      const std::int64_t pixel = first + i;
      const bool hides = always_hides || hides_all(*layer.rule, distance ? distance[i] : 0.0F);
      const SourceId finer = source ? source[i] : kNoSource;
      const SourceId id = finer == kNoSource ? layer.step_source : finer;
      const float sigma = want_uncertainty_
                              ? stated_or_modelled(uncertainty ? uncertainty[i] : kNoValue, value,
                                                   layer.uncertainty)
                              : kNoValue;
      if (hides && state == kOpen) {
        elevation_.data()[pixel] = value;
        step_.data()[pixel] = layer.step;
        if (want_uncertainty_) uncertainty_.data()[pixel] = sigma;
        if (want_source_) source_.data()[pixel] = id;
      } else {
        pending.contributions.push_back(
            {static_cast<std::uint32_t>(pixel), value, sigma, distance ? distance[i] : 0.0F, id});
      }
      state = hides ? kSettled : kPending;
      if (hides) --open_;
    }
  }
}

void Compositor::fill_background(double value) {
  for (std::size_t pixel = 0; pixel < state_.size(); ++pixel) {
    if (state_.data()[pixel] == kSettled) continue;
    elevation_.data()[pixel] = static_cast<float>(value);
    step_.data()[pixel] = kBackgroundStep;
    if (want_source_) source_.data()[pixel] = kBackgroundSource;
  }
}

void Compositor::resolve(std::optional<double> background) {
  if (background && open_ > 0) fill_background(*background);
  if (slices_.empty()) return;
  // weight = the share of the pixel's dominant contributor in what has been composed so far.
  Plane<float> weight(window_.width, window_.height, 1.0F);
  while (!slices_.empty()) {
    blend(slices_.back(), weight);
    slices_.pop_back();
  }
}

void Compositor::blend(const Slice& slice, Plane<float>& weight) {
  for (const Contribution& upper : slice.contributions) {
    const std::size_t p = upper.pixel;
    float& elevation = elevation_.data()[p];
    const bool alone = elevation != elevation;
    const float w =
        alone ? 1.0F : blend_weight(slice.rule->for_beneath(step_.data()[p]), upper.distance);
    if (!(w > 0.0F)) continue;  // no contributor: what it states does not count either
    elevation = w < 1.0F ? elevation * (1.0F - w) + upper.elevation * w : upper.elevation;
    if (want_uncertainty_) {
      float& sigma = uncertainty_.data()[p];
      sigma = w < 1.0F ? blend_uncertainty(sigma, upper.uncertainty, w) : upper.uncertainty;
    }
    const float beneath = weight.data()[p] * (1.0F - w);
    if (w >= beneath) {  // ties go to the upper layer
      weight.data()[p] = w;
      step_.data()[p] = slice.step;
      if (want_source_) source_.data()[p] = upper.source;
    } else {
      weight.data()[p] = beneath;
    }
  }
}

}  // namespace topobathy
