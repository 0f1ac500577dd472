#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "fusion/error.h"
#include "providers/raster/block_reader.h"

namespace topobathy {

/// A tile of a band of one revision of a file (the number stands for path, options and revision).
struct BlockKey {
  std::uint64_t file = 0;
  std::int32_t level = 0;
  std::int32_t band = 0;
  std::int64_t col = 0;
  std::int64_t row = 0;

  friend bool operator==(const BlockKey& a, const BlockKey& b) noexcept {
    return a.file == b.file && a.level == b.level && a.band == b.band && a.col == b.col &&
           a.row == b.row;
  }
};

struct BlockKeyHash {
  std::size_t operator()(const BlockKey& key) const noexcept;
};

/// Least-recently-used cache of decoded tiles with a byte limit, and single flight: a tile that
/// several threads want is decoded by the first, the others wait for it and get the same tile or
/// the same error. Errors are not remembered. Thread-safe.
class BlockCache {
 public:
  /// Decodes these bands of one tile, in this order. May throw.
  using Decode = std::function<std::vector<BlockPointer>(const std::vector<int>& bands)>;

  explicit BlockCache(std::size_t limit_bytes);
  ~BlockCache();
  BlockCache(const BlockCache&) = delete;
  BlockCache& operator=(const BlockCache&) = delete;

  /// The tile; when it is decoded, so are those `siblings` of it that nobody has or is decoding.
  /// \throws Error
  BlockPointer get(const BlockKey& key, const std::vector<int>& siblings, const Decode& decode);

  /// Makes a tile, if it is there, the first to be dropped.
  void retire(const BlockKey& key) noexcept;
  void clear() noexcept;
  void set_limit(std::size_t bytes) noexcept;
  std::size_t bytes() const noexcept;

 private:
  struct Flight;
  struct Entry;
  using Entries = std::unordered_map<BlockKey, Entry, BlockKeyHash>;

  BlockPointer wait(std::unique_lock<std::mutex>& lock, std::shared_ptr<Flight> flight, int band);
  std::vector<int> claim(const BlockKey& key, const std::vector<int>& siblings,
                         const std::shared_ptr<Flight>& flight);
  BlockPointer land(const BlockKey& key, const std::vector<int>& bands, Flight& flight,
                    std::vector<BlockPointer> blocks);
  void fail(const BlockKey& key, const std::vector<int>& bands, Flight& flight, ErrorCode code,
            const std::string& message) noexcept;
  void trim(std::size_t limit) noexcept;

  mutable std::mutex mutex_;
  Entries entries_;
  std::list<BlockKey> recent_;  ///< of the tiles that are there, the latest first
  std::size_t bytes_ = 0;
  std::size_t limit_;
};

/// The cache all readers share. Never destroyed: readers may outlive static objects.
BlockCache& shared_block_cache();

}  // namespace topobathy
