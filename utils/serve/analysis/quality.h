#pragma once

#include <cstdint>
#include <vector>

#include "fusion/lattice.h"
#include "fusion/layer_source.h"

/// What looks wrong in fused heights: cliffs, and steps where two sources meet. Definitions and
/// formulas: docs/service/analysis.md.
namespace topobathy {

struct QualityRules {
  double cliff_degrees = 40.0;  ///< a slope of more, ...
  double cliff_metres = 3.0;    ///< ... and a step between two neighbours of more
  double jump_metres = 0.5;     ///< the smallest step between sources that is told
  double jump_roughness = 3.0;  ///< a step is told if it is so many times the roughness beside it
};

/// Neighbouring pixels that are steep. Places are pixels of the planes.
struct Cliff {
  std::int64_t col = 0, row = 0;  ///< of its steepest pixel
  double slope = 0.0;             ///< degrees, of that pixel
  double step = 0.0;              ///< metres, the largest between two neighbours
  float elevation = 0.0F;
  std::int64_t pixels = 0;
};

/// A side of a pixel where two sources meet.
struct BorderEdge {
  std::int64_t col = 0, row = 0;  ///< the pixel to its left, or above it
  bool upright = false;           ///< it runs north-south
  double jump = 0.0;  ///< metres, of the source with the higher id above the other, beyond what
                      ///< the slopes on both sides give
  double roughness = 0.0;  ///< metres, the larger of both sides
};

/// Edges that hang together between the same two sources.
struct Jump {
  SourceId lower = kNoSource, upper = kNoSource;  ///< by id
  double jump = 0.0;                              ///< medians of the edges
  double roughness = 0.0;
  double length = 0.0;  ///< metres on the ground
  std::vector<BorderEdge> edges;
};

struct Quality {
  std::int64_t pixels = 0, valid = 0;
  double max_slope = 0.0;  ///< degrees
  std::int64_t steep_pixels = 0;
  std::vector<Cliff> cliffs;  ///< the highest first
  std::vector<Jump> jumps;    ///< the largest (jump times length) first
};

/// \param planes of the lattice: elevation and source
Quality assess_quality(const Lattice& lattice, const LayerPlanes& planes,
                       const QualityRules& rules = {});

/// Parts of it.
void find_cliffs(const Lattice& lattice, const LayerPlanes& planes, const QualityRules& rules,
                 Quality& quality);
std::vector<Jump> find_jumps(const Lattice& lattice, const LayerPlanes& planes,
                             const QualityRules& rules);

}  // namespace topobathy
