#include "providers/raster/block_cache.h"

#include <atomic>
#include <chrono>
#include <future>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "fusion/error.h"
#include "providers/raster/block_buffers.h"
#include "providers/raster/tuning.h"

namespace topobathy {
namespace {

constexpr std::size_t kPixels = 1000;
constexpr std::size_t kTileBytes = kPixels * sizeof(float) + tuning::kBlockEntryBytes;

BlockPointer tile_of(float value) {
  return std::make_shared<const std::vector<float>>(kPixels, value);
}

BlockKey key_of(std::int64_t col, int band = 1) {
  return {7, 0, band, col, 0};
}

/// A decode that counts its calls and makes tiles of band numbers.
struct Counting {
  int calls = 0;
  std::vector<int> last_bands;
  BlockCache::Decode decode() {
    return [this](const std::vector<int>& bands) {
      ++calls;
      last_bands = bands;
      std::vector<BlockPointer> tiles;
      for (const int band : bands)
        tiles.push_back(tile_of(static_cast<float>(band)));
      return tiles;
    };
  }
};

TEST(BlockCache, decodes_once_and_then_remembers) {
  BlockCache cache(10 * kTileBytes);
  Counting counting;
  const BlockPointer first = cache.get(key_of(0), {}, counting.decode());
  EXPECT_EQ(first, cache.get(key_of(0), {}, counting.decode()));
  EXPECT_EQ(1, counting.calls);
  EXPECT_EQ(kTileBytes, cache.bytes());
}

TEST(BlockCache, siblings_come_along_unless_they_are_there) {
  BlockCache cache(10 * kTileBytes);
  Counting counting;
  cache.get(key_of(0, 2), {}, counting.decode());
  cache.get(key_of(0, 1), {1, 2, 3, 3}, counting.decode());
  EXPECT_EQ((std::vector<int>{1, 3}), counting.last_bands);
  EXPECT_EQ(3.0F, cache.get(key_of(0, 3), {}, counting.decode())->front());
  EXPECT_EQ(2, counting.calls);
}

TEST(BlockCache, drops_the_least_recently_used_beyond_the_limit) {
  BlockCache cache(3 * kTileBytes);
  Counting counting;
  for (const std::int64_t col : {0, 1, 2, 0, 3})
    cache.get(key_of(col), {}, counting.decode());
  EXPECT_EQ(4, counting.calls);
  EXPECT_EQ(3 * kTileBytes, cache.bytes());
  cache.get(key_of(0), {}, counting.decode());
  EXPECT_EQ(4, counting.calls) << "0 was used after 1";
  cache.get(key_of(1), {}, counting.decode());
  EXPECT_EQ(5, counting.calls);
  cache.set_limit(kTileBytes);
  EXPECT_EQ(kTileBytes, cache.bytes());
  cache.clear();
  EXPECT_EQ(0U, cache.bytes());
}

TEST(BlockCache, a_retired_tile_goes_first) {
  BlockCache cache(3 * kTileBytes);
  Counting counting;
  for (const std::int64_t col : {0, 1, 2})
    cache.get(key_of(col), {}, counting.decode());
  cache.retire(key_of(1));
  cache.retire(key_of(8));  // never seen
  cache.get(key_of(3), {}, counting.decode());
  cache.get(key_of(0), {}, counting.decode());
  EXPECT_EQ(4, counting.calls) << "0 was older than 1, and is there";
  cache.get(key_of(1), {}, counting.decode());
  EXPECT_EQ(5, counting.calls);
}

TEST(BlockCache, a_limit_of_nothing_still_serves) {
  BlockCache cache(0);
  Counting counting;
  EXPECT_EQ(1.0F, cache.get(key_of(0), {2}, counting.decode())->front());
  EXPECT_EQ(0U, cache.bytes());
}

TEST(BlockCache, empty_tiles_share_their_pixels_and_cost_an_entry) {
  BlockCache cache(std::size_t{1} << 20);
  EXPECT_EQ(empty_block(kPixels), empty_block(kPixels));
  for (std::int64_t col = 0; col < 50; ++col) {
    cache.get(key_of(col), {}, [](const std::vector<int>& bands) {
      return std::vector<BlockPointer>(bands.size(), empty_block(kPixels));
    });
  }
  EXPECT_EQ(50 * tuning::kBlockEntryBytes, cache.bytes());
  drop_spare_blocks();  // another shared tile is made from now on; what the entries cost stays
  cache.clear();
  EXPECT_EQ(0U, cache.bytes());
}

TEST(BlockCache, errors_reach_the_caller_and_are_not_remembered) {
  BlockCache cache(10 * kTileBytes);
  const auto fail = [](const std::vector<int>&) -> std::vector<BlockPointer> {
    throw Error(ErrorCode::kUnreadable, "torn tile");
  };
  const auto run_out = [](const std::vector<int>&) -> std::vector<BlockPointer> {
    throw std::bad_alloc();
  };
  EXPECT_THROW(cache.get(key_of(0), {2}, fail), Error);
  EXPECT_THROW(cache.get(key_of(0), {2}, run_out), Error) << "the one exception of this layer";
  Counting counting;
  EXPECT_EQ(1.0F, cache.get(key_of(0), {2}, counting.decode())->front());
  EXPECT_EQ((std::vector<int>{1, 2}), counting.last_bands);
}

/// Runs `threads` gets of one key while the decode waits until all others are on their way.
template <class Finish>
std::vector<std::string> race(BlockCache& cache, int threads, std::atomic<int>& decodes,
                              const Finish& finish) {
  std::promise<void> go;
  const std::shared_future<void> gate = go.get_future().share();
  std::vector<std::string> outcomes(static_cast<std::size_t>(threads));
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&, i] {
      std::string& outcome = outcomes[static_cast<std::size_t>(i)];
      try {
        // Every second thread wants the sibling of what the others want.
        const BlockPointer tile =
            cache.get(key_of(0, 1 + i % 2), {1, 2}, [&](const std::vector<int>& bands) {
              ++decodes;
              gate.wait();
              return finish(bands);
            });
        outcome = std::to_string(static_cast<int>(tile->front()));
      } catch (const Error& error) {
        outcome = error.what();
      }
    });
  }
  while (decodes == 0)
    std::this_thread::yield();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  go.set_value();
  for (std::thread& thread : running)
    thread.join();
  return outcomes;
}

TEST(BlockCache, a_tile_wanted_by_many_threads_is_decoded_once) {
  BlockCache cache(0);  // even when nothing can be kept
  std::atomic<int> decodes{0};
  const auto outcomes = race(cache, 4, decodes, [](const std::vector<int>& bands) {
    std::vector<BlockPointer> tiles;
    for (const int band : bands)
      tiles.push_back(tile_of(static_cast<float>(band)));
    return tiles;
  });
  EXPECT_EQ((std::vector<std::string>{"1", "2", "1", "2"}), outcomes);
  EXPECT_EQ(1, decodes);
}

TEST(BlockCache, an_error_reaches_all_who_wait) {
  BlockCache cache(0);
  std::atomic<int> decodes{0};
  const auto outcomes =
      race(cache, 4, decodes, [](const std::vector<int>&) -> std::vector<BlockPointer> {
        throw Error(ErrorCode::kUnreadable, "torn tile");
      });
  EXPECT_EQ(std::vector<std::string>(4, "torn tile"), outcomes);
}

TEST(BlockBuffers, a_dropped_buffer_serves_the_next_tile_of_its_size) {
  drop_spare_blocks();
  BlockBuffer first = new_block(kPixels);
  const float* const memory = first->data();
  const BlockBuffer other = new_block(kPixels);
  first.reset();
  EXPECT_EQ(kPixels + 1, new_block(kPixels + 1)->size());
  EXPECT_EQ(memory, new_block(kPixels)->data());
}

}  // namespace
}  // namespace topobathy
