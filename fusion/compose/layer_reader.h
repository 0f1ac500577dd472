#pragma once

#include "fusion/compose/compositor.h"
#include "fusion/fuse.h"

namespace topobathy {

/// Reads one step's layer for the open blocks of a window and makes it ready to be composed:
/// despiked, gaps filled, cut to its zone, background put in, distances measured. Holds the planes,
/// so that the steps of a window reuse one set. Not thread-safe.
class LayerReader {
 public:
  LayerReader(const Lattice& lattice, const LatticeWindow& window, const BandSelection& bands,
              Counters* counters)
      : lattice_(lattice), window_(window), bands_(bands), counters_(counters) {}

  /// kOk: `layer()` holds pixels. kNoData: nothing here. kFailed: `message` says why; has_layer()
  /// tells whether part could be read.
  StepOutcome read(const PlannedStep& step, StepIndex index, SourceId step_source,
                   const BlockMask& open);
  const ComposedLayer& layer() const noexcept { return layer_; }
  bool has_layer() const noexcept { return layer_.planes != nullptr; }

 private:
  BlockMask wanted_blocks(const BlockMask& open, const Halo& halo) const;
  bool may_cover(const PlannedStep& step, const LatticeWindow& need) const;
  LayerOutcome fetch(const PlannedStep& step, const BlockMask& wanted);
  void clear(const BlockMask& blocks, bool wanted);
  void fill_gaps(double gap);
  void refine(const PlannedStep& step, const BlockMask& wanted);
  void put_background(float value, const BlockMask& wanted);

  const Lattice& lattice_;
  const LatticeWindow window_;
  const BandSelection bands_;
  Counters* counters_;
  LayerPlanes planes_;
  Plane<float> distance_;
  ComposedLayer layer_;
};

}  // namespace topobathy
