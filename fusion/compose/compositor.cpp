#include "fusion/compose/compositor.h"

#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "fusion/target_clones.h"

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
      open_(window.area()),
      open_blocks_(window, true) {
  if (uncertainty) uncertainty_ = Plane<float>(window.width, window.height, kNoValue);
  if (source) source_ = Plane<SourceId>(window.width, window.height, kNoSource);
}

/// From here on a pixel can be pending: without a value it is open, with one it is settled.
void Compositor::begin_states() {
  state_ = Plane<std::uint8_t>(window_.width, window_.height, kOpen);
  for (std::size_t p = 0; p < state_.size(); ++p)
    state_.data()[p] = elevation_.data()[p] == elevation_.data()[p] ? kSettled : kOpen;
}

bool Compositor::block_is_open(const LatticeWindow& block) const {
  for (std::int64_t r = block.row; r < block.bottom(); ++r) {
    const std::int64_t at = (r - window_.row) * window_.width + (block.col - window_.col);
    std::int32_t unsettled = 0;
    if (state_.empty())
      for (std::int64_t i = at; i < at + block.width; ++i)
        unsettled += elevation_.data()[i] == elevation_.data()[i] ? 0 : 1;
    else
      for (std::int64_t i = at; i < at + block.width; ++i)
        unsettled += state_.data()[i] != kSettled ? 1 : 0;
    if (unsettled != 0) return true;
  }
  return false;
}

void Compositor::put_under(const ComposedLayer& layer) {
  Slice pending{layer.rule, layer.step, {}};
  const bool plain = state_.empty() && layer.distance == nullptr && hides_all(*layer.rule, 0.0F);
  if (!plain && state_.empty()) begin_states();
  for (std::int64_t b = open_blocks_.top(); b < open_blocks_.top() + open_blocks_.rows(); ++b) {
    for (std::int64_t a = open_blocks_.left(); a < open_blocks_.left() + open_blocks_.columns();
         ++a) {
      if (!open_blocks_.wanted(a, b)) continue;
      const LatticeWindow block = BlockMask::pixels(a, b).intersect(window_);
      const std::int64_t before = open_;
      if (plain)
        put_hiding_block(layer, block);
      else if (hides_block(layer, block))
        settle_block(layer, block);
      else
        put_block(layer, block, pending);
      if (open_ != before) open_blocks_.set(a, b, block_is_open(block));
    }
  }
  if (!pending.contributions.empty()) slices_.push_back(std::move(pending));
}

namespace {

/// The least distance of the pixels that have a value; infinity when none has.
TOPOBATHY_TARGET_CLONES
float least_distance(const float* layer, const float* distance, std::int64_t count) {
  // Floats that are not negative are in the order of their bits, and integers need no care for NaN.
  constexpr std::int32_t kInfinity = 0x7F800000;
  std::int32_t least = kInfinity;
  for (std::int64_t i = 0; i < count; ++i) {
    std::int32_t bits;
    std::memcpy(&bits, distance + i, sizeof bits);
    const std::int32_t here = layer[i] == layer[i] ? bits : kInfinity;
    least = here < least ? here : least;
  }
  float result;
  std::memcpy(&result, &least, sizeof result);
  return result;
}

/// Takes the layer's value where there is none yet. \returns how many were taken
TOPOBATHY_TARGET_CLONES
std::int32_t take_open(const float* layer, std::int64_t count, float* value, std::int32_t* taken) {
  std::int32_t number = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int32_t open = value[i] == value[i] ? 0 : -1;
    const std::int32_t has = layer[i] == layer[i] ? -1 : 0;
    value[i] = open ? layer[i] : value[i];
    taken[i] = open & has;
    number -= open & has;
  }
  return number;
}

template <class T>
void put_taken(const std::int32_t* taken, std::int64_t count, T value, T* out) {
  for (std::int64_t i = 0; i < count; ++i)
    out[i] = taken[i] ? value : out[i];
}

TOPOBATHY_TARGET_CLONES
void put_step(const std::int32_t* taken, std::int64_t count, StepIndex step, StepIndex* out) {
  put_taken(taken, count, step, out);
}

TOPOBATHY_TARGET_CLONES
void put_sources(const std::int32_t* taken, std::int64_t count, const SourceId* finer,
                 SourceId step_source, SourceId* out) {
  for (std::int64_t i = 0; i < count; ++i) {
    const SourceId id = finer[i] == kNoSource ? step_source : finer[i];
    out[i] = taken[i] ? id : out[i];
  }
}

}  // namespace

/// Most blocks lie so deep in a layer that it hides all beneath, and have nothing above them that
/// waits to be blended.
bool Compositor::hides_block(const ComposedLayer& layer, const LatticeWindow& block) const {
  const LayerPlanes& planes = *layer.planes;
  float least = std::numeric_limits<float>::infinity();
  std::int32_t waiting = 0;  // settled or not: what is above is to be blended with what comes
  for (std::int64_t r = block.row; r < block.bottom() && waiting == 0; ++r) {
    const std::int64_t col = block.col - window_.col;
    const std::uint8_t* state = state_.row(r - window_.row) + col;
    const float* value = elevation_.row(r - window_.row) + col;
    for (std::int64_t i = 0; i < block.width; ++i)
      waiting += (state[i] == kOpen) == (value[i] == value[i]) ? 1 : 0;
    if (layer.distance == nullptr) continue;
    const float* elevation =
        planes.elevation.row(r - planes.window.row) + (block.col - planes.window.col);
    least = std::fmin(
        least, least_distance(elevation, layer.distance->row(r - window_.row) + col, block.width));
  }
  return waiting == 0 && hides_all(*layer.rule, layer.distance ? least : 0.0F);
}

void Compositor::settle_block(const ComposedLayer& layer, const LatticeWindow& block) {
  put_hiding_block(layer, block);
  for (std::int64_t r = block.row - window_.row; r < block.bottom() - window_.row; ++r) {
    const std::int64_t col = block.col - window_.col;
    const float* elevation = elevation_.row(r) + col;
    std::uint8_t* state = state_.row(r) + col;
    for (std::int64_t i = 0; i < block.width; ++i)
      state[i] = elevation[i] == elevation[i] ? kSettled : kOpen;
  }
}

void Compositor::put_hiding_block(const ComposedLayer& layer, const LatticeWindow& block) {
  const LayerPlanes& planes = *layer.planes;
  std::array<std::int32_t, kBlock> taken;
  for (std::int64_t r = block.row; r < block.bottom(); ++r) {
    const std::int64_t from_row = r - planes.window.row, from = block.col - planes.window.col;
    const std::int64_t at = (r - window_.row) * window_.width + (block.col - window_.col);
    const float* elevation = planes.elevation.row(from_row) + from;
    const std::int32_t number =
        take_open(elevation, block.width, elevation_.data() + at, taken.data());
    if (number == 0) continue;
    open_ -= number;
    put_step(taken.data(), block.width, layer.step, step_.data() + at);
    if (want_source_ && planes.source.empty())
      put_taken(taken.data(), block.width, layer.step_source, source_.data() + at);
    else if (want_source_)
      put_sources(taken.data(), block.width, planes.source.row(from_row) + from, layer.step_source,
                  source_.data() + at);
    if (!want_uncertainty_) continue;
    const float* stated =
        planes.uncertainty.empty() ? nullptr : planes.uncertainty.row(from_row) + from;
    for (std::int64_t i = 0; i < block.width; ++i)
      if (taken[i])
        uncertainty_.data()[at + i] =
            stated_or_modelled(stated ? stated[i] : kNoValue, elevation[i], layer.uncertainty);
  }
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
  if (state_.empty()) begin_states();
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
