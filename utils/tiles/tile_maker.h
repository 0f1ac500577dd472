#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "cache/tile_store.h"
#include "providers/open.h"
#include "utils/tiles/flights.h"
#include "utils/tiles/tile_pixels.h"

namespace topobathy {

/// A tile as it is handed out.
struct Tile {
  bool empty = false;      ///< no pixel has a value: there is no content
  bool cached = false;     ///< from tier 1
  std::string incomplete;  ///< not empty: what on_error: skip has left out; such a tile is not kept
  std::string left_out;    ///< the step that it names
  Bytes content;
  std::string etag;  ///< of the content: equal tiles, equal text
  std::string meta;  ///< text of _meta.json (docs/tiles.md), also of a tile that is not kept
};
using TilePointer = std::shared_ptr<const Tile>;

/// Tiles of one policy: from tier 1 where they still hold, else drawn from the fused pixels of
/// exactly their window of the lattice of EPSG:3857, and kept. A tile's bytes depend on policy,
/// request and sources alone, however and in whatever order tiles are asked for.
///
/// Pixels are those of level 0 of the policy opened with ZOOM = the tile's pixel zoom: that is
/// where their fused cells (tier 2) are found and kept. Thread-safe.
class TileMaker {
 public:
  struct Setup {
    /// Which policy, which cache. `crs`, `zoom` and `resolution` are set by the maker.
    OpenRequest policy;
    /// The policy file and its sources are looked at again when the last look is so long ago: a
    /// change of either shows after this time. Zero: at every tile.
    std::chrono::milliseconds look_every{1000};
    std::function<void(const std::string&)> warn;  ///< told once when a tile cannot be kept
    FileSystem* files = &posix_file_system();      ///< does the writing
  };
  explicit TileMaker(Setup setup);
  ~TileMaker();

  /// \throws Error: the request (kUsage), the policy, a step failed (on_error: fail), GDAL cannot
  /// write the format
  TilePointer get(const TileRequest& request);
  /// The tile where tier 1 has it and it still holds, else nothing; no pixel is read. \throws Error
  TilePointer find(const TileRequest& request);
  /// The name of a tile in tier 1 as the policy stands now. \throws Error
  TileKey key_of(const TileRequest& request);
  /// The policy as tiles of this pixel zoom see it (EPSG:3857, level 0 is theirs): what a point or
  /// a profile is read from. \throws Error
  std::shared_ptr<FusedRaster> raster(int pixel_zoom);
  const TileStore& store() const noexcept { return store_; }

 private:
  struct Opened {
    std::mutex mutex;
    std::shared_ptr<FusedRaster> raster;
    std::chrono::steady_clock::time_point looked;
  };
  TilePointer stored(const TileKey& key, FusedRaster& raster) const;
  TilePointer make(const TileRequest& request, const TileKey& key, FusedRaster& raster);
  StoredTile keep(const TileKey& key, const TilePixels& pixels, Bytes content,
                  const nlohmann::json& facts, const Bytes& sources);

  const Setup setup_;
  TileStore store_;
  Flights<TilePointer> flights_;
  std::array<Opened, kDeepestZoom + 2> opened_;
  std::atomic<bool> warned_{false};
};

/// What became of one tile of many.
struct TileOutcome {
  enum class State { kMade, kCached, kEmpty, kFailed };
  State state = State::kFailed;
  std::string why;  ///< of a failure; an incomplete tile is one: the next run tries again
};

/// Sees to it that the tile is in tier 1. Throws nothing but std::bad_alloc.
TileOutcome hydrate_tile(TileMaker& maker, const TileRequest& request);

}  // namespace topobathy
