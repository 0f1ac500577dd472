#pragma once

#include <optional>
#include <vector>

#include "fusion/block_mask.h"
#include "fusion/compose/blend_rule.h"
#include "fusion/layer_source.h"

namespace topobathy {

/// One step's layer, ready to be composed: planes of `planes.window`, which contains the
/// compositor's window.
struct ComposedLayer {
  const LayerPlanes* planes = nullptr;
  const Plane<float>* distance =
      nullptr;  ///< a plane of the compositor's window; null when the rule feathers nothing
  const BlendRule* rule = nullptr;
  StepIndex step = 0;
  SourceId step_source = kNoSource;  ///< for pixels without a finer source
  UncertaintyModel uncertainty;      ///< for pixels whose source states none; all zero = none
};

/// Composes the layers of one window from the top down and stops where nothing beneath can show.
///
/// The answer is defined bottom-up: value = beneath * (1 - w) + layer * w where both are valid, w
/// from the blend that the step beneath selects; the layer alone where nothing is beneath. Here a
/// layer that hides everything settles its pixel at once; a layer that does not is kept as a
/// pending contribution until the settled pixel beneath is known, and resolve() then applies the
/// pending ones bottom-up. So the two agree bit for bit, and layers under settled pixels are never
/// looked at. Not thread-safe: one window, one thread.
class Compositor {
 public:
  /// Planes that are not wanted stay empty.
  Compositor(const LatticeWindow& window, bool uncertainty, bool source);

  const LatticeWindow& window() const noexcept { return window_; }
  bool settled() const noexcept { return open_ == 0; }
  /// The blocks that still have an unsettled pixel.
  const BlockMask& open_blocks() const noexcept { return open_blocks_; }

  /// Puts the next lower layer under what is there. Reads only open blocks.
  void put_under(const ComposedLayer& layer);
  /// Ends the composition: `background` is the lowest layer of all. Nothing may be put under
  /// afterwards.
  void resolve(std::optional<double> background);

  Plane<float>& elevation() noexcept { return elevation_; }
  Plane<float>& uncertainty() noexcept { return uncertainty_; }
  Plane<SourceId>& source() noexcept { return source_; }
  /// The step with the largest weight in each pixel, kNoStep where there is none.
  const Plane<StepIndex>& step() const noexcept { return step_; }

 private:
  enum State : std::uint8_t { kOpen, kPending, kSettled };
  struct Contribution {
    std::uint32_t pixel;
    float elevation;
    float uncertainty;
    float distance;
    SourceId source;
  };
  struct Slice {  ///< the pending contributions of one step
    const BlendRule* rule;
    StepIndex step;
    std::vector<Contribution> contributions;
  };

  void put_block(const ComposedLayer& layer, const LatticeWindow& block, Slice& pending);
  /// The common case, without a branch a pixel: everything the layer has hides what is beneath, and
  /// nothing is pending above.
  void put_hiding_block(const ComposedLayer& layer, const LatticeWindow& block);
  bool hides_block(const ComposedLayer& layer, const LatticeWindow& block) const;
  void settle_block(const ComposedLayer& layer, const LatticeWindow& block);
  void begin_states();
  bool block_is_open(const LatticeWindow& block) const;
  void fill_background(double value);
  void blend(const Slice& slice, Plane<float>& weight);

  LatticeWindow window_;
  bool want_uncertainty_;
  bool want_source_;
  Plane<float> elevation_;
  Plane<float> uncertainty_;
  Plane<SourceId> source_;
  Plane<StepIndex> step_;
  Plane<std::uint8_t>
      state_;  ///< empty as long as nothing is pending: then a pixel without a value is open
  std::int64_t open_;
  BlockMask open_blocks_;
  std::vector<Slice> slices_;  ///< top-down
};

}  // namespace topobathy
