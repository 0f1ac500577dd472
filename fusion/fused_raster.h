#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fusion/fused_cell.h"
#include "fusion/lattice.h"
#include "fusion/policy/policy.h"

namespace topobathy {

/// What one contributor gave to one pixel.
struct PixelContribution {
  std::string step;
  std::string provider;
  SourceId source_id = kNoSource;
  SourceRecord source;
  double elevation = 0.0;    ///< metres, of this layer alone
  double uncertainty = 0.0;  ///< NaN = not stated
  double weight = 0.0;       ///< its share of the fused elevation, 0..1
  double distance = 0.0;     ///< ground metres to the nearest pixel where the layer is invalid; NaN
                             ///< where no feather asked for it
  std::string
      rule;  ///< "overwrite", "metric_feather 200 m", "transition onto base: overwrite", ...
};

/// Why a pixel has the value it has, top contributor first.
struct PixelExplanation {
  double lon = 0.0, lat = 0.0;
  double elevation = 0.0, uncertainty = 0.0;  ///< NaN = none
  SourceId source_id = kNoSource;             ///< the contributor with the largest weight
  std::vector<PixelContribution> contributions;
  std::vector<StepOutcome> outcomes;  ///< bottom-up, of the pixel's cell
};

enum class Coverage { kEmpty, kPartial, kFull };

/// What came of a cell that was to be in the cache.
struct HydratedCell {
  enum class Outcome {
    kCached,  ///< it was there, made from the sources as they are
    kMade,    ///< it was made and is there now
    kFailed   ///< it is not there: a step failed or left something out, or it could not be stored
  };
  Outcome outcome = Outcome::kCached;
  std::string step;    ///< of kFailed: the step to blame, "" where it is none
  std::string reason;  ///< of kFailed
};

struct BandSelection {
  bool elevation = true;
  bool uncertainty = true;
  bool source = true;
};

struct StoredCells {
  std::int64_t count = 0;
  std::int64_t bytes = 0;  ///< of their files
};

/// A policy on its lattice: the one thing that the GDAL driver, the program and the service read.
/// Thread-safe.
class FusedRaster {
 public:
  /// Progress 0..1; false asks to stop (the read then throws Error(kCancelled)). Called by the
  /// reading thread only.
  using Progress = std::function<bool(double)>;

  virtual ~FusedRaster() = default;

  virtual const Policy& policy() const = 0;
  virtual const Lattice& lattice() const = 0;  ///< of level 0
  virtual const LatticeWindow& extent()
      const = 0;  ///< level-0 pixels; origin and size are multiples of 2^coarsest_level()
  virtual int coarsest_level() const = 0;  ///< levels 0..this exist
  virtual const std::string& crs_wkt()
      const = 0;  ///< WKT2; compound where the policy states a vertical CRS

  /// Takes the part of a read that one cell holds: `part` lies in `cell.window` and in the window
  /// read. Called by several threads at once, for parts that do not overlap.
  using PartSink = std::function<void(const FusedCell& cell, const LatticeWindow& part)>;

  /// The pixels of `window`, in pixels of `level`; any part of the plane, also outside the extent;
  /// handed on part by part, so that nobody copies them twice. Planes not asked for may be empty.
  /// \throws Error: a step failed (on_error: fail), cancelled; what the sink throws
  virtual void read_parts(int level, const LatticeWindow& window, const BandSelection& bands,
                          const PartSink& sink, const Progress& progress) = 0;
  /// The same, gathered into planes of the window.
  void read(int level, const LatticeWindow& window, const BandSelection& bands, LayerPlanes& planes,
            const Progress& progress);
  /// Says without fusing whether a window can hold data; may read file headers.
  virtual Coverage coverage(int level, const LatticeWindow& window) = 0;
  /// Fuses the pixel again with its bookkeeping kept. With the overview rule shoalest a pixel of an
  /// overview is one of the finest level: that one is explained, lon and lat are its. \throws Error
  /// like read()
  virtual PixelExplanation explain(int level, std::int64_t col, std::int64_t row) = 0;
  /// Sees to it that a cell is in the cache: complete, or not at all. Of threads and processes that
  /// want the same cell one makes it. \throws Error(kUsage): opened without a cache that is written
  virtual HydratedCell hydrate(int level, CellIndex cell) = 0;
  /// Which of these cells are in the cache, made from the sources as they are. \pre as hydrate()
  virtual StoredCells stored(int level, const std::vector<CellIndex>& cells) = 0;
  /// What reading these cells of a level would take, in the worst case: no pixel is read, no file
  /// fetched; archives' catalogues are asked. What a step cannot tell stands in the inventory.
  /// \pre some cell
  virtual Inventory inventory(int level, const std::vector<CellIndex>& cells) = 0;
  /// Rows of the attribute table: every source known to this policy so far (files' headers are read
  /// if there are few, else what has been remembered and fused), and every id ever returned by
  /// read().
  virtual std::vector<std::pair<SourceId, SourceRecord>> sources() = 0;
  /// The step that shows each of these sources (place in policy().steps, bottom-up; the topmost
  /// where several do), as far as it can be told without opening a file: a whole provider's topmost
  /// step where nobody has read the source yet. -1 = none: the background.
  virtual std::vector<int> steps_of(
      const std::vector<std::pair<SourceId, SourceRecord>>& sources) = 0;
  /// What revisions_digest() gives for a window that were fused now, as a whole and with these
  /// steps seen (seen_steps() of a cell fused before): whoever keeps something made from a cell
  /// tells by it, without a pixel, whether the cell's sources are still the same. Nothing where a
  /// source cannot be asked.
  virtual std::optional<std::string> revisions_now(int level, const LatticeWindow& fused,
                                                   const std::string& seen) = 0;
  virtual const Counters& counters() const = 0;  ///< since this raster was opened
  /// Drops decoded cells and file handles and looks at the source revisions again (FlushCache).
  virtual void refresh() = 0;
};

}  // namespace topobathy
