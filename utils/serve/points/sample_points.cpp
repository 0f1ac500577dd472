#include "utils/serve/points/sample_points.h"

#include <mutex>
#include <unordered_map>

#include "fusion/error.h"
#include "fusion/parallel.h"
#include "utils/find_pixel.h"
#include "utils/serve/http_error.h"
#include "utils/serve/pixel_sample.h"

namespace topobathy {
namespace {

/// Positions in one cell, and the window around their pixels.
struct PointGroup {
  LatticeWindow window;
  std::vector<std::size_t> members;
};

LatticeWindow around(const LatticeWindow& window, const FoundPixel& at) {
  if (window.empty()) return {at.col, at.row, 1, 1};
  return LatticeWindow::from_edges(std::min(window.col, at.col), std::min(window.row, at.row),
                                   std::max(window.right(), at.col + 1),
                                   std::max(window.bottom(), at.row + 1));
}

/// In the order in which the line meets the cells.
std::vector<PointGroup> groups_of(const Lattice& lattice, const std::vector<FoundPixel>& found) {
  std::vector<PointGroup> groups;
  std::unordered_map<CellIndex, std::size_t> of_cell;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!found[i].inside) continue;
    const CellIndex cell = lattice.cell_of(found[i].col, found[i].row);
    const auto [known, first] = of_cell.try_emplace(cell, groups.size());
    if (first) groups.emplace_back();
    PointGroup& group = groups[known->second];
    group.window = around(group.window, found[i]);
    group.members.push_back(i);
  }
  return groups;
}

class SampleTaker {
 public:
  SampleTaker(const std::vector<FoundPixel>& found, PointSamples& samples)
      : found_(found), samples_(samples) {}

  /// By several threads at once, for different parts.
  void take(const PointGroup& group, const FusedCell& cell, const LatticeWindow& part) {
    for (const std::size_t i : group.members) {
      const FoundPixel& at = found_[i];
      if (!part.contains(at.col, at.row)) continue;
      const std::int64_t c = at.col - cell.window.col, r = at.row - cell.window.row;
      samples_.elevation[i] = cell.elevation.at(c, r);
      samples_.uncertainty[i] = cell.uncertainty.at(c, r);
      samples_.source[i] = cell.source.at(c, r);
    }
    note(group, cell);
  }

 private:
  void note(const PointGroup& group, const FusedCell& cell) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (samples_.left_out.empty()) samples_.left_out = left_out_of(cell);
    for (const std::size_t i : group.members) {
      const SourceId id = samples_.source[i];
      if (id == kNoSource || samples_.sources.count(id) > 0) continue;
      if (auto record = source_in(cell, id)) samples_.sources.emplace(id, *record);
    }
  }

  const std::vector<FoundPixel>& found_;
  PointSamples& samples_;
  std::mutex mutex_;
};

}  // namespace

PointSamples sample_points(FusedRaster& raster, int level, const std::vector<LonLat>& positions,
                           std::size_t most_cells, const std::function<bool()>& gone) {
  const std::vector<FoundPixel> found = find_pixels(raster, level, positions);
  const auto groups = groups_of(raster.lattice().at_level(level), found);
  if (groups.size() > most_cells)
    throw HttpError(422, "the line passes " + std::to_string(groups.size()) +
                             " cells of pixels, more than " + std::to_string(most_cells) +
                             ": give a smaller zoom, or fewer points");
  PointSamples samples;
  samples.elevation.assign(positions.size(), kNoValue);
  samples.uncertainty.assign(positions.size(), kNoValue);
  samples.source.assign(positions.size(), kNoSource);
  SampleTaker taker(found, samples);
  parallel_for(groups.size(), processor_count(), [&](std::size_t g) {
    if (gone()) throw Error(ErrorCode::kCancelled, "reading was cancelled");
    raster.read_parts(
        level, groups[g].window, {},
        [&](const FusedCell& cell, const LatticeWindow& part) {
          taker.take(groups[g], cell, part);
        },
        nullptr);
  });
  return samples;
}

}  // namespace topobathy
