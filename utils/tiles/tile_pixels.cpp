#include "utils/tiles/tile_pixels.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <tuple>

#include "fusion/step_revisions.h"

namespace topobathy {
namespace {

/// Pixels that a window has of the raster, `shift` columns from where the raster has them.
struct Piece {
  LatticeWindow window;  ///< of the raster
  std::int64_t shift;    ///< columns to add for the place in the tile's window
};

/// A raster that crosses the antimeridian goes beyond the world's edge, and one that reaches around
/// the world meets itself there. Where turns overlap the last piece counts: the pixels without one.
std::vector<Piece> pieces_of(const FusedRaster& raster, int zoom, const LatticeWindow& window) {
  const std::int64_t world = std::int64_t{1} << (zoom + 8);
  std::vector<Piece> pieces;
  for (const std::int64_t shift : {-world, world, std::int64_t{0}}) {
    LatticeWindow turned = window;
    turned.col -= shift;
    const LatticeWindow part = turned.intersect(raster.extent());
    if (!part.empty()) pieces.push_back({part, shift});
  }
  return pieces;
}

template <class T>
void copy_shifted(const Plane<T>& from, const LatticeWindow& from_window, const LatticeWindow& part,
                  std::int64_t shift, Plane<T>& to, const LatticeWindow& to_window) {
  for (std::int64_t r = part.row; r < part.bottom(); ++r)
    std::copy_n(from.row(r - from_window.row) + (part.col - from_window.col), part.width,
                to.row(r - to_window.row) + (part.col + shift - to_window.col));
}

/// Takes the parts of a read, several at once.
class Gatherer {
 public:
  Gatherer(TilePixels& pixels, const BandSelection& bands) : pixels_(pixels), bands_(bands) {}

  void take(const FusedCell& cell, const LatticeWindow& part, std::int64_t shift) {
    LayerPlanes& planes = pixels_.planes;
    copy_shifted(cell.elevation, cell.window, part, shift, planes.elevation, planes.window);
    if (bands_.uncertainty)
      copy_shifted(cell.uncertainty, cell.window, part, shift, planes.uncertainty, planes.window);
    if (bands_.source)
      copy_shifted(cell.source, cell.window, part, shift, planes.source, planes.window);
    note(cell);
  }
  void finish() {
    for (auto& [id, record] : sources_)
      pixels_.sources.emplace_back(id, std::move(record));
    for (auto& [place, stamp] : stamps_)
      pixels_.cells.push_back(std::move(stamp));
  }

 private:
  void note(const FusedCell& cell) {
    const LatticeWindow& at = cell.fused;
    CellStamp stamp{at, seen_steps(cell.revisions), revisions_digest(cell.revisions)};
    const std::lock_guard<std::mutex> lock(mutex_);
    sources_.insert(cell.sources.begin(), cell.sources.end());
    if (cell.revisions.size() != cell.outcomes.size()) pixels_.stamped = false;
    const auto [known, first] =
        stamps_.emplace(std::make_tuple(at.row, at.col, at.height, at.width), stamp);
    if (!first && known->second.digest != stamp.digest) pixels_.stamped = false;
    for (const StepOutcome& outcome : cell.outcomes)
      if (outcome.status == StepOutcome::Status::kFailed && pixels_.incomplete.empty()) {
        pixels_.incomplete = "step '" + outcome.step + "' is left out: " + outcome.message;
        pixels_.left_out = outcome.step;
      }
  }

  TilePixels& pixels_;
  const BandSelection bands_;
  std::mutex mutex_;
  std::map<SourceId, SourceRecord> sources_;
  std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t>, CellStamp> stamps_;
};

void reset(const BandSelection& bands, LayerPlanes& planes) {
  const LatticeWindow& window = planes.window;
  planes.elevation = Plane<float>(window.width, window.height, kNoValue);
  if (bands.uncertainty) planes.uncertainty = Plane<float>(window.width, window.height, kNoValue);
  if (bands.source) planes.source = Plane<SourceId>(window.width, window.height, kNoSource);
}

}  // namespace

TilePixels read_tile_pixels(FusedRaster& raster, int zoom, const LatticeWindow& tile,
                            std::int64_t margin, const BandSelection& bands) {
  TilePixels pixels(raster.lattice());
  pixels.tile = tile;
  pixels.planes.window = tile.grow(margin, margin);
  reset(bands, pixels.planes);
  Gatherer gatherer(pixels, bands);
  for (const Piece& piece : pieces_of(raster, zoom, pixels.planes.window))
    raster.read_parts(
        0, piece.window, bands,
        [&](const FusedCell& cell, const LatticeWindow& part) {
          gatherer.take(cell, part, piece.shift);
        },
        nullptr);
  gatherer.finish();
  return pixels;
}

bool may_have_pixels(FusedRaster& raster, int zoom, const LatticeWindow& tile) {
  const auto pieces = pieces_of(raster, zoom, tile);
  return std::any_of(pieces.begin(), pieces.end(), [&](const Piece& piece) {
    return raster.coverage(0, piece.window) != Coverage::kEmpty;
  });
}

}  // namespace topobathy
