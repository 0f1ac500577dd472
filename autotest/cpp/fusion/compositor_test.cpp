#include "fusion/compose/compositor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>

namespace topobathy {
namespace {

/// One layer of a random stack.
struct Layer {
  LayerPlanes planes;
  Plane<float> distance;
  bool measured = false;
  BlendRule rule;
  SourceId step_source = 0;
  UncertaintyModel model;
};

struct Answer {
  float elevation = kNoValue;
  float uncertainty = kNoValue;
  SourceId source = kNoSource;
  StepIndex step = kNoStep;
};

/// What one layer brings to the pixel in the reference below.
struct Part {
  StepIndex step;
  SourceId source;
  float weight;
};

float weight_of(const Blend& blend, float distance) {
  switch (blend.op) {
    case Operator::kOverwrite:
      return 1.0F;
    case Operator::kLinearBlend:
      return static_cast<float>(blend.weight);
    case Operator::kMetricFeather:
      return blend.distance > 0 ? std::min(1.0F, distance / static_cast<float>(blend.distance))
                                : 1.0F;
  }
  return 1.0F;
}

float sigma_of(const Layer& layer, std::size_t pixel) {
  const float stated =
      layer.planes.uncertainty.empty() ? kNoValue : layer.planes.uncertainty.data()[pixel];
  if (!std::isnan(stated) || (layer.model.constant == 0 && layer.model.depth_factor == 0))
    return stated;
  const double depth = std::max(0.0, -static_cast<double>(layer.planes.elevation.data()[pixel]));
  return static_cast<float>(std::hypot(layer.model.constant, layer.model.depth_factor * depth));
}

/// The definition of docs/architecture.md, "Compositing": bottom-up, one pixel at a time, every
/// contributor remembered.
Answer bottom_up(const std::vector<Layer>& stack, std::optional<double> background,
                 std::size_t pixel) {
  Answer answer;
  std::vector<Part> parts;
  const auto name_dominant = [&] {
    for (const Part& part : parts) {
      const bool leads = std::all_of(parts.begin(), parts.end(), [&](const Part& other) {
        return part.weight > other.weight || (part.weight == other.weight && &part >= &other);
      });
      if (leads) answer.step = part.step, answer.source = part.source;
    }
  };
  if (background) {
    answer.elevation = static_cast<float>(*background);
    parts.push_back({kBackgroundStep, kBackgroundSource, 1.0F});
    name_dominant();
  }
  for (std::size_t k = 0; k < stack.size(); ++k) {
    const Layer& layer = stack[k];
    const float value = layer.planes.elevation.data()[pixel];
    if (std::isnan(value)) continue;
    const Blend* blend = &layer.rule.own;
    for (auto t = layer.rule.transitions.rbegin(); t != layer.rule.transitions.rend(); ++t)
      if (answer.step < t->targets.size() && t->targets[answer.step]) blend = &t->blend;
    const float distance = layer.measured ? layer.distance.data()[pixel] : 0.0F;
    const float w = parts.empty() ? 1.0F : weight_of(*blend, distance);
    const SourceId own =
        layer.planes.source.empty() ? kNoSource : layer.planes.source.data()[pixel];
    const float sigma = sigma_of(layer, pixel);
    if (w >= 1.0F) {
      answer.elevation = value;
      answer.uncertainty = sigma;
    } else if (w > 0.0F) {
      answer.elevation = answer.elevation * (1.0F - w) + value * w;
      const bool none = std::isnan(answer.uncertainty) && std::isnan(sigma);
      const float a = std::isnan(answer.uncertainty) ? 0.0F : answer.uncertainty * (1.0F - w);
      const float b = std::isnan(sigma) ? 0.0F : sigma * w;
      answer.uncertainty = none ? kNoValue : std::sqrt(a * a + b * b);
    }
    for (Part& part : parts)
      part.weight *= 1.0F - w;
    parts.push_back({static_cast<StepIndex>(k), own == kNoSource ? layer.step_source : own, w});
    name_dominant();
  }
  return answer;
}

/// Random stacks of layers over one window.
class RandomStack {
 public:
  RandomStack(unsigned seed, const LatticeWindow& window) : random_(seed), window_(window) {
    const int count = 1 + pick(6);
    for (int k = 0; k < count; ++k)
      layers_.push_back(layer(k));
    if (pick(3) == 0) background_ = -7.25;
  }
  const std::vector<Layer>& layers() const { return layers_; }
  std::vector<Layer>& layers() { return layers_; }
  std::optional<double> background() const { return background_; }

 private:
  int pick(int count) { return std::uniform_int_distribution<int>(0, count - 1)(random_); }

  Blend blend() {
    static constexpr double kWeights[] = {0.0, 0.25, 0.5, 0.7, 1.0};
    switch (pick(3)) {
      case 0:
        return {};
      case 1:
        return {Operator::kMetricFeather, 25.0 * pick(4), 0.5};
      default:
        return {Operator::kLinearBlend, 0.0, kWeights[pick(5)]};
    }
  }

  /// Whole blocks, stripes and single pixels without a value.
  bool missing(int pattern, std::int64_t c, std::int64_t r) {
    switch (pattern) {
      case 0:
        return false;
      case 1:
        return c < window_.width / 2;
      case 2:
        return (c / 8 + r / 8) % 2 == 0;
      default:
        return pick(3) == 0;
    }
  }

  Layer layer(int below) {
    Layer layer;
    layer.planes.window = window_;
    layer.planes.elevation = Plane<float>(window_.width, window_.height, kNoValue);
    if (pick(2)) layer.planes.uncertainty = Plane<float>(window_.width, window_.height, kNoValue);
    if (pick(2)) layer.planes.source = Plane<SourceId>(window_.width, window_.height, kNoSource);
    layer.distance = Plane<float>(window_.width, window_.height, 0.0F);
    const int pattern = pick(4);
    for (std::int64_t r = 0; r < window_.height; ++r) {
      for (std::int64_t c = 0; c < window_.width; ++c) {
        if (missing(pattern, c, r)) continue;
        layer.planes.elevation.at(c, r) = static_cast<float>(pick(2000) - 1500) / 8.0F;
        layer.distance.at(c, r) = static_cast<float>(1 + pick(100));
        if (!layer.planes.uncertainty.empty() && pick(4))
          layer.planes.uncertainty.at(c, r) = static_cast<float>(pick(40)) / 8.0F;
        if (!layer.planes.source.empty() && pick(4))
          layer.planes.source.at(c, r) = 70000 + static_cast<SourceId>(pick(5));
      }
    }
    layer.rule.own = blend();
    for (int t = pick(4); t > 0; --t) {
      std::vector<bool> targets(static_cast<std::size_t>(below) + 1);
      for (int s = 0; s < below; ++s)
        targets[static_cast<std::size_t>(s)] = pick(2) != 0;
      layer.rule.transitions.push_back({std::move(targets), blend()});
    }
    layer.measured = layer.rule.reach() > 0;
    layer.step_source = 100 + static_cast<SourceId>(below);
    if (pick(3) == 0) layer.model = {0.5, 0.02};
    return layer;
  }

  std::mt19937 random_;
  LatticeWindow window_;
  std::vector<Layer> layers_;
  std::optional<double> background_;
};

/// What must not be looked at holds a value that would show.
void poison_closed_blocks(const BlockMask& open, Layer& layer) {
  const LatticeWindow window = layer.planes.window;
  for (std::int64_t r = window.row; r < window.bottom(); ++r)
    for (std::int64_t c = window.col; c < window.right(); ++c)
      if (!open.wanted(floor_div(c, kBlock), floor_div(r, kBlock)))
        layer.planes.elevation.at(c - window.col, r - window.row) = 1e9F;
}

Compositor top_down(const RandomStack& stack, const LatticeWindow& window, std::size_t* looked_at) {
  Compositor compositor(window, true, true);
  std::vector<Layer> layers = stack.layers();
  for (std::size_t k = layers.size(); k-- > 0;) {
    if (compositor.settled()) continue;
    Layer& layer = layers[k];
    if (looked_at) ++*looked_at;
    poison_closed_blocks(compositor.open_blocks(), layer);
    compositor.put_under({&layer.planes, layer.measured ? &layer.distance : nullptr, &layer.rule,
                          static_cast<StepIndex>(k), layer.step_source, layer.model});
  }
  compositor.resolve(stack.background());
  return compositor;
}

std::uint32_t bits(float value) {
  if (std::isnan(value)) return 0x7FC00000U;
  std::uint32_t result;
  std::memcpy(&result, &value, sizeof result);
  return result;
}

TEST(Compositor, FrontToBackIsBottomUpBitForBit) {
  std::size_t layers = 0, looked_at = 0;
  for (unsigned seed = 0; seed < 400; ++seed) {
    const LatticeWindow window{static_cast<std::int64_t>(seed % 37) - 20, -9, 45, 40};
    const RandomStack stack(seed, window);
    layers += stack.layers().size();
    Compositor fused = top_down(stack, window, &looked_at);
    for (std::size_t p = 0; p < static_cast<std::size_t>(window.area()); ++p) {
      const Answer expected = bottom_up(stack.layers(), stack.background(), p);
      ASSERT_EQ(bits(fused.elevation().data()[p]), bits(expected.elevation))
          << "seed " << seed << ", pixel " << p << ": " << fused.elevation().data()[p] << " for "
          << expected.elevation;
      ASSERT_EQ(bits(fused.uncertainty().data()[p]), bits(expected.uncertainty))
          << "seed " << seed << ", pixel " << p << ": " << fused.uncertainty().data()[p] << " for "
          << expected.uncertainty;
      ASSERT_EQ(fused.source().data()[p], expected.source) << "seed " << seed << ", pixel " << p;
      ASSERT_EQ(fused.step().data()[p], expected.step) << "seed " << seed << ", pixel " << p;
    }
  }
  EXPECT_LT(looked_at, layers) << "no stack was stopped early: the test tests too little";
}

TEST(Compositor, ElevationIsTheSameWithoutTheOtherPlanes) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    const LatticeWindow window{3, 5, 33, 31};
    RandomStack stack(seed, window);
    Compositor all = top_down(stack, window, nullptr);
    Compositor alone(window, false, false);
    for (std::size_t k = stack.layers().size(); k-- > 0;) {
      const Layer& layer = stack.layers()[k];
      alone.put_under({&layer.planes, layer.measured ? &layer.distance : nullptr, &layer.rule,
                       static_cast<StepIndex>(k), layer.step_source, layer.model});
    }
    alone.resolve(stack.background());
    EXPECT_TRUE(alone.uncertainty().empty());
    EXPECT_TRUE(alone.source().empty());
    for (std::size_t p = 0; p < all.elevation().size(); ++p)
      ASSERT_EQ(bits(alone.elevation().data()[p]), bits(all.elevation().data()[p])) << seed;
  }
}

TEST(Compositor, IsSettledOnceAHidingLayerFillsTheWindow) {
  const LatticeWindow window{0, 0, 70, 10};
  Compositor compositor(window, true, true);
  Layer half;
  half.planes.window = window;
  half.planes.elevation = Plane<float>(70, 10, 1.0F);
  for (std::int64_t r = 0; r < 10; ++r)
    half.planes.elevation.at(69, r) = kNoValue;
  compositor.put_under({&half.planes, nullptr, &half.rule, 1, 5, {}});
  EXPECT_FALSE(compositor.settled());
  EXPECT_FALSE(compositor.open_blocks().wanted(0, 0));
  EXPECT_FALSE(compositor.open_blocks().wanted(1, 0));
  EXPECT_TRUE(compositor.open_blocks().wanted(2, 0));
  Layer whole = half;
  whole.planes.elevation = Plane<float>(70, 10, 2.0F);
  compositor.put_under({&whole.planes, nullptr, &whole.rule, 0, 6, {}});
  EXPECT_TRUE(compositor.settled());
}

}  // namespace
}  // namespace topobathy
