#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "cache/bytes.h"
#include "cache/file_system.h"
#include "cache/unsynced_files.h"

namespace topobathy {

/// What names a stored tile. Which revision of its sources it shows is no part of the name: that
/// stands in its companion, and a tile made anew takes the old one's place.
struct TileKey {
  std::string kind;  ///< "visual/<style>", "data" or "raw": the folder below tiles/
  int z = 0;
  std::int64_t x = 0;
  std::int64_t y = 0;
  std::string hash;       ///< SHA-256 of everything else that changes its bytes but the sources
  std::string extension;  ///< "png", "webp", "npy", "npz", "tif"
};

/// A tile as it is kept, with what its companions say.
struct StoredTile {
  Bytes content;
  nlohmann::json facts;  ///< as they were given to write(), and `stored`
  std::string meta;      ///< the text of _meta.json
  std::string etag;      ///< of the content
};

/// Tier 1 on disk (layout: docs/tiles.md):
/// `<root>/tiles/<kind>/<z>/<x>/<y>_<hash8>.<extension>`, with `<y>_<hash8>_meta.json` and, of
/// pictures, `<y>_<hash8>_src.npz` beside it. Any number of threads and processes may use one root
/// at once. Each file is replaced whole, the tile last, and `_meta.json` holds the checksums of the
/// other two and of itself: whatever does not fit together (a process killed in between, two
/// writers at once, a flipped bit) is a miss. Whether the tile's sources are still what they were
/// is for the caller to ask.
class TileStore {
 public:
  /// `files` does the writing and must outlive the store.
  explicit TileStore(std::string root, FileSystem& files = posix_file_system());

  const std::string& root() const noexcept { return root_; }
  /// Of the tile itself. \throws Error(kInternal) when a part of the key is no such part: no path
  /// is ever made of anything else
  std::string path_of(const TileKey& key) const;

  /// The tile, or nothing: absent, damaged, or of another key.
  std::optional<StoredTile> read(const TileKey& key) const;
  /// The picture's `_src.npz`, where it is the one of the tile that is stored now.
  std::optional<Bytes> read_sources(const TileKey& key) const;
  /// `facts` is an object; `sources` is empty for tiles without that companion. \returns what is
  /// now on disk  \throws Error(kCache); at worst an old tile is gone for readers
  StoredTile write(const TileKey& key, Bytes content, const nlohmann::json& facts,
                   const Bytes& sources) const;

 private:
  std::string root_;
  /// A tile takes less time to make than its three files to reach the disk.
  mutable UnsyncedFiles files_;
};

/// The same without a store: a tile that is not kept.
StoredTile unstored_tile(const TileKey& key, Bytes content, const nlohmann::json& facts,
                         const Bytes& sources);

/// What is wrong with a stored tile and its companions, named by the path of the tile itself; "" =
/// nothing. For `topobathy cache --check`; asks no source.
std::string tile_fault(const std::string& tile_path);

}  // namespace topobathy
