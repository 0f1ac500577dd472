#include "providers/analyze.h"

#include <algorithm>
#include <utility>

#include "fusion/error.h"
#include "fusion/policy/load.h"
#include "fusion/take_inventory.h"
#include "providers/align/crs.h"
#include "providers/align/transformer.h"
#include "providers/policy_file.h"

namespace topobathy {
namespace {

/// Cells analysed at once: each is looked for on disk, once a step. 16 x 16 degrees at 30 m.
constexpr std::int64_t kMostCells = 100000;

LatticeWindow extent_of(const FusedRaster& raster, int level) {
  const LatticeWindow& extent = raster.extent();
  const std::int64_t step = std::int64_t{1} << level;  // whole pixels at every level
  return {extent.col / step, extent.row / step, extent.width / step, extent.height / step};
}

/// Where the raster's CRS goes round the world, the turn on which the box meets the extent.
LatticeWindow window_of_box(const FusedRaster& raster, const Lattice& lattice,
                            const OpenRequest& request) {
  const auto box =
      Transformer(request.bbox_crs, lattice.crs()).transform_box(to_crs_box(*request.bbox));
  if (!box)
    throw Error(ErrorCode::kUsage, "the bounding box has no image in " + raster.policy().crs);
  const LatticeWindow extent = extent_of(raster, lattice.level());
  const double period = 2.0 * crs_world(lattice.crs()).half_width;
  for (const double turn : {0.0, period, -period}) {
    const LatticeWindow window =
        lattice.window_of(box->left + turn, box->bottom, box->right + turn, box->top);
    if (!window.intersect(extent).empty()) return window;
  }
  return lattice.window_of(box->left, box->bottom, box->right, box->top);
}

std::int64_t count_cells(const Lattice& lattice, const LatticeWindow& window) {
  const CellIndex first = lattice.cell_of(window.col, window.row);
  const CellIndex last = lattice.cell_of(window.right() - 1, window.bottom() - 1);
  return (last.col - first.col + 1) * (last.row - first.row + 1);
}

void require_few_cells(const Lattice& lattice, const LatticeWindow& window) {
  if (window.empty()) throw Error(ErrorCode::kUsage, "the bounding box is empty");
  const std::int64_t cells = count_cells(lattice, window);
  if (cells > kMostCells)
    throw Error(ErrorCode::kUsage, "the box touches " + std::to_string(cells) + " cells; at most " +
                                       std::to_string(kMostCells) +
                                       " are analysed at once: give a smaller bbox, or a coarser "
                                       "level");
}

LonLatBox lonlat_of(const Lattice& lattice, const LatticeWindow& window) {
  const auto image = Transformer(lattice.crs(), "EPSG:4326")
                         .transform_box({lattice.x(window.col), lattice.y(window.bottom()),
                                         lattice.x(window.right()), lattice.y(window.row)});
  if (!image)
    throw Error(ErrorCode::kUsage, "the box has no place on the Earth in " + lattice.crs());
  return {image->left, image->bottom, image->right, image->top};
}

}  // namespace

std::shared_ptr<FusedRaster> open_for_analysis(const OpenRequest& request) {
  OpenRequest own = request;
  const PolicyText text = read_policy_text(request.policy_path, request.offline);
  if (load_policy(text.text, text.file, text.directory).extent) {
    own.bbox.reset();
    own.bbox_crs = OpenRequest().bbox_crs;
  }
  return open_policy(own);
}

Analysis analyze(std::shared_ptr<FusedRaster> raster, int level, const OpenRequest& request) {
  const Lattice lattice = raster->lattice().at_level(level);
  Analysis analysis;
  analysis.level = level;
  analysis.window =
      request.bbox ? window_of_box(*raster, lattice, request) : extent_of(*raster, level);
  require_few_cells(lattice, analysis.window);
  analysis.box = lonlat_of(lattice, analysis.window);
  analysis.inventory = raster->inventory(level, cells_of(lattice, analysis.window));
  analysis.raster = std::move(raster);
  return analysis;
}

}  // namespace topobathy
