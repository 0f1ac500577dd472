#include "providers/raster/block_cache.h"

#include <condition_variable>
#include <optional>
#include <string>
#include <utility>

#include "fusion/error.h"
#include "providers/raster/block_buffers.h"
#include "providers/raster/decode_time.h"
#include "providers/raster/tuning.h"

namespace topobathy {

/// One decode under way, perhaps of several bands. All members are guarded by the cache's mutex.
struct BlockCache::Flight {
  std::condition_variable landed;
  bool done = false;
  std::optional<ErrorCode> error;
  std::string message;
  std::vector<std::pair<int, BlockPointer>>
      blocks;  ///< kept here for the waiters: the cache may have dropped them
};

struct BlockCache::Entry {
  BlockPointer block;  ///< null while the flight is under way
  std::shared_ptr<Flight> flight;
  std::list<BlockKey>::iterator place;
  std::size_t bytes = 0;
};

namespace {

/// Mixes the bits of one more word in (finaliser of a 64-bit multiplicative hash).
std::uint64_t mix(std::uint64_t hash, std::uint64_t word) noexcept {
  hash = (hash ^ word) * 0x9E3779B97F4A7C15ULL;
  return hash ^ (hash >> 32);
}

BlockKey with_band(BlockKey key, int band) noexcept {
  key.band = band;
  return key;
}

/// Empty tiles share their pixels: they cost their entry only.
std::size_t cost(const BlockPointer& block) {
  const std::size_t pixels = block == empty_block(block->size()) ? 0 : block->size();
  return tuning::kBlockEntryBytes + pixels * sizeof(float);
}

}  // namespace

std::size_t BlockKeyHash::operator()(const BlockKey& key) const noexcept {
  const auto level_band =
      (static_cast<std::uint64_t>(static_cast<std::uint32_t>(key.level)) << 32) |
      static_cast<std::uint32_t>(key.band);
  std::uint64_t hash = mix(key.file, level_band);
  hash = mix(hash, static_cast<std::uint64_t>(key.col));
  return mix(hash, static_cast<std::uint64_t>(key.row));
}

BlockCache::BlockCache(std::size_t limit_bytes) : limit_(limit_bytes) {}
BlockCache::~BlockCache() = default;

BlockPointer BlockCache::get(const BlockKey& key, const std::vector<int>& siblings,
                             const Decode& decode) {
  std::shared_ptr<Flight> flight;
  std::vector<int> bands;
  {
    std::unique_lock<std::mutex> lock(mutex_);
    const auto found = entries_.find(key);
    if (found != entries_.end()) {
      if (!found->second.block) return wait(lock, found->second.flight, key.band);
      recent_.splice(recent_.begin(), recent_, found->second.place);
      return found->second.block;
    }
    flight = std::make_shared<Flight>();
    bands = claim(key, siblings, flight);
  }
  try {
    return land(key, bands, *flight, decode(bands));
  } catch (const Error& error) {
    fail(key, bands, *flight, error.code(), error.what());
    throw;
  } catch (const std::exception& error) {
    const std::string message = std::string("cannot decode a tile: ") + error.what();
    fail(key, bands, *flight, ErrorCode::kUnreadable, message);
    throw Error(ErrorCode::kUnreadable, message);
  }
}

/// Waits for another thread's decode. A waiter holds no claim of its own, so no two threads can
/// wait for each other.
BlockPointer BlockCache::wait(std::unique_lock<std::mutex>& lock, std::shared_ptr<Flight> flight,
                              int band) {
  const FetchTime counted;
  flight->landed.wait(lock, [&] { return flight->done; });
  if (flight->error) throw Error(*flight->error, flight->message);
  for (const auto& [decoded, block] : flight->blocks) {
    if (decoded == band) return block;
  }
  throw Error(ErrorCode::kInternal, "a tile decode did not bring the band it had claimed");
}

/// Marks the wanted band and those siblings nobody has as under way. All or nothing.
std::vector<int> BlockCache::claim(const BlockKey& key, const std::vector<int>& siblings,
                                   const std::shared_ptr<Flight>& flight) {
  std::vector<int> bands;
  bands.reserve(siblings.size() + 1);
  try {
    entries_[key].flight = flight;
    bands.push_back(key.band);
    for (const int band : siblings) {
      const BlockKey sibling = with_band(key, band);
      if (entries_.count(sibling) != 0) continue;
      entries_[sibling].flight = flight;
      bands.push_back(band);
    }
  } catch (...) {
    for (const int band : bands)
      entries_.erase(with_band(key, band));
    throw;
  }
  return bands;
}

/// Makes decoded tiles known and wakes the waiters. Nothing can throw once the lock is held.
BlockPointer BlockCache::land(const BlockKey& key, const std::vector<int>& bands, Flight& flight,
                              std::vector<BlockPointer> blocks) {
  if (blocks.size() != bands.size())
    throw Error(ErrorCode::kInternal, "a tile decode returned another number of bands");
  std::vector<std::pair<int, BlockPointer>> landed;
  std::vector<std::size_t> costs;
  std::list<BlockKey> places;  // the wanted band in front: the most recent
  for (std::size_t i = 0; i < bands.size(); ++i) {
    landed.emplace_back(bands[i], blocks[i]);
    costs.push_back(cost(blocks[i]));
    places.push_back(with_band(key, bands[i]));
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    auto place = places.begin();
    for (std::size_t i = 0; i < bands.size(); ++i, ++place) {
      Entry& entry = entries_.find(*place)->second;
      entry.block = blocks[i];
      entry.flight.reset();
      entry.place = place;
      entry.bytes = costs[i];
      bytes_ += costs[i];
    }
    recent_.splice(recent_.begin(), places);
    flight.blocks.swap(landed);
    flight.done = true;
    flight.landed.notify_all();
    trim(limit_);
  }
  return blocks.front();
}

void BlockCache::fail(const BlockKey& key, const std::vector<int>& bands, Flight& flight,
                      ErrorCode code, const std::string& message) noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const int band : bands)
    entries_.erase(with_band(key, band));
  flight.error = code;
  try {
    flight.message = message;
  } catch (const std::bad_alloc&) {
    // The waiters get the code without the text.
  }
  flight.done = true;
  flight.landed.notify_all();
}

/// Drops the least recently used tiles until `limit` holds.
void BlockCache::trim(std::size_t limit) noexcept {
  while (bytes_ > limit && !recent_.empty()) {
    const auto oldest = entries_.find(recent_.back());
    bytes_ -= oldest->second.bytes;
    entries_.erase(oldest);
    recent_.pop_back();
  }
}

void BlockCache::retire(const BlockKey& key) noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end() || !found->second.block) return;
  recent_.splice(recent_.end(), recent_, found->second.place);
}

void BlockCache::clear() noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  trim(0);
}

void BlockCache::set_limit(std::size_t bytes) noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  limit_ = bytes;
  trim(limit_);
}

std::size_t BlockCache::bytes() const noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  return bytes_;
}

BlockCache& shared_block_cache() {
  static BlockCache& cache = *new BlockCache(tuning::kBlockCacheBytes);
  return cache;
}

}  // namespace topobathy
