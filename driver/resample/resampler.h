#pragma once

#include <cstdint>
#include <vector>

#include "driver/resample/axis.h"
#include "fusion/fused_raster.h"

namespace topobathy {

/// Makes output pixels of a fused raster's pixels. The rules, so that the bands agree with each
/// other:
///  * An output pixel has a value exactly where its footprint has one (footprint: the source pixels
///  it covers, or the pixel at its centre
///    where the output is finer). Nothing is invented beyond an edge and no valid pixel is lost.
///  * Elevation and uncertainty are weighted over valid pixels only. Kernels with negative lobes
///  fall back to bilinear next to a hole.
///  * A source id is never mixed: the id of the centre pixel, else of the nearest valid pixel of
///  the footprint.
///  * kShoalest takes elevation, uncertainty and id of the footprint's highest pixel.
/// A pixel depends on the two axes alone, never on the piece that is made at a time.
class Resampler {
 public:
  Resampler(const AxisMap& columns, const AxisMap& rows, Kernel kernel);

  /// The planes that reading `wanted` needs (kShoalest needs elevation to choose by).
  BandSelection planes_needed(const BandSelection& wanted) const noexcept;
  /// The source pixels that these output pixels are made of.
  LatticeWindow source_window(const LatticeWindow& output) const;
  /// Makes the pixels of `output` of `source` (its window holds source_window(output)).
  void run(const LayerPlanes& source, const LatticeWindow& output, const BandSelection& wanted,
           LayerPlanes& result) const;

 private:
  AxisMap columns_;
  AxisMap rows_;
  Kernel kernel_;
};

}  // namespace topobathy
