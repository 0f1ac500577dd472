#include "fusion/fused_raster.h"

#include "fusion/copy_part.h"

namespace topobathy {
void FusedRaster::read(int level, const LatticeWindow& window, const BandSelection& bands,
                       LayerPlanes& planes, const Progress& progress) {
  planes.window = window;
  if (bands.elevation) planes.elevation.reshape(window.width, window.height);
  if (bands.uncertainty) planes.uncertainty.reshape(window.width, window.height);
  if (bands.source) planes.source.reshape(window.width, window.height);
  const auto gather = [&](const FusedCell& cell, const LatticeWindow& part) {
    if (bands.elevation) copy_part(cell.elevation, cell.window, part, planes.elevation, window);
    if (bands.uncertainty)
      copy_part(cell.uncertainty, cell.window, part, planes.uncertainty, window);
    if (bands.source) copy_part(cell.source, cell.window, part, planes.source, window);
  };
  read_parts(level, window, bands, gather, progress);
}

}  // namespace topobathy
