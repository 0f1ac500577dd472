#pragma once

#include <cstdint>
#include <functional>

#include <gdal.h>

#include "driver/level_view.h"
#include "driver/resample/axis.h"

namespace topobathy {

/// A read as GDAL states it: any window of the view, fractions allowed, into a buffer of any size.
struct RasterRead {
  double col = 0.0;
  double row = 0.0;
  double width = 0.0;
  double height = 0.0;
  int buffer_width = 0;
  int buffer_height = 0;
  GDALRIOResampleAlg algorithm = GRIORA_NearestNeighbour;
};

/// True for the algorithms that GDAL's own code does better than a special case here (mode, Gauss,
/// RMS).
bool is_left_to_gdal(GDALRIOResampleAlg algorithm) noexcept;

/// How a read is answered: which level, and how its pixels become those of the buffer.
struct ReadPlan {
  int steps = 0;    ///< levels coarser than the view
  AxisMap columns;  ///< in pixels of that level
  AxisMap rows;
  Kernel kernel = Kernel::kNearest;
  bool exact = false;  ///< buffer pixels are pixels of the level: nothing is resampled
  std::int64_t buffer_width = 0;
  std::int64_t buffer_height = 0;
};

/// The coarsest level that is not coarser than the buffer. Nearest on a reducing read means the
/// policy's overview rule (area mean or shoalest), as viewers ask nearest without meaning it.
ReadPlan plan_read(const LevelView& view, const RasterRead& read);

/// The lattice pixels of an exact plan, one for each pixel of the buffer. \pre plan.exact
LatticeWindow exact_window(const LevelView& view, const ReadPlan& plan);

/// Takes a piece of the buffer; its window counts buffer pixels.
using PieceSink = std::function<void(const LayerPlanes&)>;

/// Carries a plan that resamples out, piece by piece, so that memory does not grow with the window.
/// Pieces are cut at cell edges where they can be, and their order and size change no value.
/// \throws Error as FusedRaster::read
void read_pieces(const LevelView& view, const ReadPlan& plan, const BandSelection& wanted,
                 const FusedRaster::Progress& progress, const PieceSink& sink);

}  // namespace topobathy
