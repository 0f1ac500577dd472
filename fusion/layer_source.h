#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "fusion/block_mask.h"
#include "fusion/finding.h"
#include "fusion/inventory.h"
#include "fusion/lattice.h"
#include "fusion/plane.h"
#include "fusion/policy/policy.h"
#include "fusion/source_ids.h"

namespace topobathy {

/// What happened since a dataset was opened; tests assert on it through the __DEBUG__ metadata
/// domain.
struct Counters {
  std::atomic<std::int64_t> cells_fused{0};
  std::atomic<std::int64_t> cells_from_cache{0};
  std::atomic<std::int64_t> layers_read{0};
  std::atomic<std::int64_t> layers_occluded{0};
  std::atomic<std::int64_t> source_pixels_read{0};
  std::atomic<std::int64_t> bytes_fetched{0};
  std::atomic<std::int64_t> provider_cells_from_cache{0};  ///< of tier 3
  // Where the time of layers went, nanoseconds, summed over threads.
  std::atomic<std::int64_t> discover_time{0};  ///< which sources there are, of which revision
  std::atomic<std::int64_t> fetch_time{0};     ///< files, headers and bytes of tiles
  std::atomic<std::int64_t> decode_time{0};    ///< bytes to pixels of a source
  std::atomic<std::int64_t> align_time{0};     ///< these to the lattice
};

/// Identity of the bytes behind a source: a change of any of them is another revision.
struct SourceRevision {
  std::string source;    ///< path or URL
  std::string revision;  ///< size and mtime, or ETag

  friend bool operator==(const SourceRevision& a, const SourceRevision& b) noexcept {
    return a.source == b.source && a.revision == b.revision;
  }
  friend bool operator!=(const SourceRevision& a, const SourceRevision& b) noexcept {
    return !(a == b);
  }
};

/// A layer on the lattice: three planes of one window. Where elevation is NaN the other two mean
/// nothing.
struct LayerPlanes {
  LatticeWindow window;
  Plane<float> elevation;    ///< metres, up positive, NaN = none
  Plane<float> uncertainty;  ///< metres, 1 sigma, NaN = not stated; empty when not asked for
  Plane<SourceId> source;  ///< kNoSource where no finer source is known: the step's own id is used;
                           ///< empty when not asked for
};

struct LayerRequest {
  const Lattice* lattice = nullptr;  ///< of the level wanted
  LatticeWindow window;
  LatticeWindow core;  ///< the part whose uncertainty and source are wanted; the rest (halo) needs
                       ///< elevation alone
  const BlockMask* wanted =
      nullptr;  ///< only these blocks are filled (completely, with NaN where there is nothing)
  bool uncertainty = true;
  bool source = true;
  Counters* counters = nullptr;  ///< may be null
};

/// The provider's answer is a value. No coverage is normal; a failure is that nothing could be read
/// though sources exist.
struct LayerRead {
  std::string lost;  ///< not empty: some of the step's sources could not be read, and this says why
};
struct NoCoverage {};
struct LayerFailure {
  std::string message;  ///< which source, what happened, what to do
};
using LayerOutcome = std::variant<LayerRead, NoCoverage, LayerFailure>;

/// What one policy step offers on a lattice. Thread-safe: any number of threads may call any member
/// at once. A pixel's values depend on lattice, level and sources alone, never on the window or
/// mask they were asked with (law 1).
class LayerSource {
 public:
  virtual ~LayerSource() = default;
  /// False only if the layer has nothing there. May read file headers (once, remembered); reads no
  /// pixel.
  virtual bool may_cover(const Lattice& lattice, const LatticeWindow& window) = 0;
  /// The sources that touch the window, in a fixed order; part of what a cached cell is checked
  /// against.
  virtual std::vector<SourceRevision> revisions(const Lattice& lattice,
                                                const LatticeWindow& window) = 0;
  /// Fills the wanted blocks of `planes` (reshaped to the request's window).
  virtual LayerOutcome read(const LayerRequest& request, LayerPlanes& planes) = 0;
  /// The lon/lat box of all sources, read from headers; east may pass 180. Nothing when the layer
  /// has no source.  \throws Error
  virtual std::optional<LonLatBox> lonlat_extent() = 0;
  /// How many sources the policy names, none of them opened (a glob or an index is); the largest
  /// number when it cannot be told quickly.
  virtual std::size_t named_sources() const = 0;
  /// Ids of every source the layer can show. `look` reads what that takes (headers, attribute
  /// tables); without it only what is known.  \throws Error
  virtual std::vector<SourceId> source_ids(bool look) = 0;
  /// Looks whether the sources are still what was found, and forgets what was found if not.
  /// \returns true when something changed
  virtual bool revalidate() = 0;
  /// What is wrong or odd with the sources on this lattice, every one of them looked at (headers,
  /// no pixel): for `validate`. Throws nothing of its own; a failure is a finding.
  virtual SourceReport report(const Lattice&) { return {}; }
  /// What reading these cells may take, without reading a pixel or fetching a file: for `analyze`.
  /// An archive's catalogue may be asked.  \throws Error
  virtual LayerInventory inventory(const InventoryRequest&) { return {}; }
};

}  // namespace topobathy
