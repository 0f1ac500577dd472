// Laws 3 and 4 of tiles: what is kept holds.
#include "utils/tiles/tile_maker.h"

#include <atomic>
#include <fstream>
#include <thread>

#include "failing_file_system.h"
#include "tiles/tile_test.h"

namespace topobathy {
namespace {

using testing_support::kAllStyles;
using testing_support::TileTest;
using State = TileOutcome::State;

class TileMakerTest : public TileTest {
 protected:
  Bytes fresh(const std::string& policy, const TileRequest& request) {
    TileMaker maker(setup(policy, CacheMode::kOff));
    return maker.get(request)->content;
  }
  std::size_t files_of_tiles() const {
    std::size_t count = 0;
    for (const std::string& file : directory().files())
      count += file.find("/cache/tiles/") != std::string::npos;
    return count;
  }
};

TEST_F(TileMakerTest, a_kept_tile_is_the_tile_that_is_made) {
  const std::string policy = tile_policy();
  TileMaker maker(setup(policy));
  for (const std::string& format : tile_format_names())
    for (const TileStyle style : kAllStyles) {
      const TileRequest request = asked(kMiddle, style, tile_format(format));
      if (!request.is_picture() && style != TileStyle::kChart) continue;
      const TilePointer made = maker.get(request), kept = maker.get(request);
      EXPECT_FALSE(made->cached) << format << to_text(style);
      EXPECT_TRUE(kept->cached);
      EXPECT_EQ(made->content, kept->content);
      EXPECT_EQ(made->meta, kept->meta);
      EXPECT_EQ(made->etag, kept->etag);
      EXPECT_EQ(tile_fault(maker.store().path_of(maker.key_of(request))), "");
      EXPECT_EQ(kept->content, fresh(policy, request)) << format << to_text(style);
      EXPECT_EQ(maker.store().read_sources(maker.key_of(request)).has_value(),
                request.is_picture());
    }
}

TEST_F(TileMakerTest, a_large_tile_is_the_four_of_the_next_zoom) {
  TileMaker maker(setup(tile_policy()));
  TileRequest large = asked({10, 540, 347}, TileStyle::kChart, TileFormat::kNpy);
  large.tile_size = 512;
  const Bytes whole = maker.get(large)->content;
  const std::size_t head = whole.size() - 512 * 512 * 4;
  int shown = 0;
  for (std::size_t k = 0; k < 4; ++k) {
    const TilePointer quarter = maker.get(
        asked({11, 1080 + static_cast<std::int64_t>(k % 2), 694 + static_cast<std::int64_t>(k / 2)},
              {}, TileFormat::kNpy));
    if (quarter->empty) continue;
    ++shown;
    const std::size_t part = quarter->content.size() - 256 * 256 * 4;
    for (std::size_t r = 0; r < 256; ++r)
      ASSERT_EQ(std::memcmp(whole.data() + head + ((k / 2 * 256 + r) * 512 + k % 2 * 256) * 4,
                            quarter->content.data() + part + r * 256 * 4, 256 * 4),
                0)
          << k;
  }
  EXPECT_EQ(shown, 2);
}

TEST_F(TileMakerTest, a_warm_tile_fuses_nothing) {
  const std::string policy = tile_policy();
  TileMaker(setup(policy)).get(asked());
  forget();
  std::filesystem::remove_all(path("cache/fused_zarr"));
  TileMaker maker(setup(policy));
  EXPECT_TRUE(maker.get(asked())->cached);
  EXPECT_EQ(cells_in(), 0U);
}

TEST_F(TileMakerTest, a_changed_source_shows_at_once) {
  const std::string policy = tile_policy();
  TileMaker maker(setup(policy));
  const TilePointer old = maker.get(asked());
  write_hills("hills.tif", 30.0);
  const TilePointer now = maker.get(asked());
  EXPECT_FALSE(now->cached);
  EXPECT_NE(now->content, old->content);
  EXPECT_EQ(now->content, fresh(policy, asked()));
  EXPECT_TRUE(maker.get(asked())->cached);
}

TEST_F(TileMakerTest, an_edited_policy_shows_at_once) {
  write_hills("higher.tif", 40.0);
  const std::string policy = tile_policy();
  TileMaker maker(setup(policy));
  const TilePointer old = maker.get(asked());
  tile_policy("  - {provider: raster, path: higher.tif}\n");
  EXPECT_NE(maker.get(asked())->content, old->content);
  tile_policy();
  const TilePointer again = maker.get(asked());
  EXPECT_TRUE(again->cached);
  EXPECT_EQ(again->content, old->content);
}

TEST_F(TileMakerTest, an_incomplete_tile_is_handed_out_and_not_kept) {
  const std::string policy = tile_policy(
      "  - {provider: raster, path: hills.tif}\n"
      "  - {provider: raster, name: gone, path: gone.tif, on_error: skip}\n");
  TileMaker maker(setup(policy));
  const TilePointer tile = maker.get(asked());
  EXPECT_FALSE(tile->empty);
  EXPECT_NE(tile->incomplete.find("step 'gone' is left out"), std::string::npos);
  EXPECT_EQ(files_of_tiles(), 0U);
  EXPECT_EQ(hydrate_tile(maker, asked()).state, State::kFailed);
}

TEST_F(TileMakerTest, hydration_says_what_became_of_a_tile) {
  TileMaker maker(setup(tile_policy()));
  EXPECT_EQ(hydrate_tile(maker, asked()).state, State::kMade);
  EXPECT_EQ(hydrate_tile(maker, asked()).state, State::kCached);
  EXPECT_EQ(hydrate_tile(maker, asked({11, 1200, 694})).state, State::kEmpty);
  EXPECT_EQ(hydrate_tile(maker, asked({11, -1, 694})).state, State::kFailed);
  std::ofstream(path("hills.tif")) << "no raster";
  const TileOutcome failed = hydrate_tile(maker, asked({12, 2162, 1388}));
  EXPECT_EQ(failed.state, State::kFailed);
  EXPECT_NE(failed.why.find("hills.tif"), std::string::npos);
}

TEST_F(TileMakerTest, a_damaged_file_is_a_miss) {
  const std::string policy = tile_policy();
  TileMaker maker(setup(policy));
  const Bytes right = maker.get(asked())->content;
  const std::string tile = maker.store().path_of(maker.key_of(asked()));
  const std::string stem = tile.substr(0, tile.size() - 4);
  for (const std::string& file : {tile, stem + "_meta.json"}) {
    std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).seekp(150).put('~');
    EXPECT_NE(tile_fault(tile), "");
    const TilePointer again = maker.get(asked());
    EXPECT_FALSE(again->cached) << file;
    EXPECT_EQ(again->content, right);
    EXPECT_EQ(tile_fault(tile), "");
  }
  std::filesystem::resize_file(stem + "_src.npz", 100);
  EXPECT_EQ(tile_fault(tile), "its _src.npz is damaged or of another tile");
  EXPECT_FALSE(maker.store().read_sources(maker.key_of(asked())));
}

TEST_F(TileMakerTest, a_tile_of_another_place_or_key_is_a_miss) {
  TileMaker maker(setup(tile_policy()));
  maker.get(asked());
  TileKey key = maker.key_of(asked());
  const std::string from = maker.store().path_of(key);
  ++key.y;
  const std::string to = maker.store().path_of(key);
  for (const char* end : {".png", "_meta.json", "_src.npz"})
    std::filesystem::copy_file(from.substr(0, from.size() - 4) + end,
                               to.substr(0, to.size() - 4) + end);
  EXPECT_FALSE(maker.store().read(key));
  --key.y;
  EXPECT_TRUE(maker.store().read(key));
  key.hash.back() = key.hash.back() == '0' ? '1' : '0';  // the same eight digits
  EXPECT_FALSE(maker.store().read(key));
}

TEST_F(TileMakerTest, no_path_is_made_of_anything_but_numbers_hashes_and_names) {
  TileMaker maker(setup(tile_policy()));
  const TileKey good = maker.key_of(asked());
  std::vector<TileKey> bad(6, good);
  bad[0].kind = "visual/../..";
  bad[1].kind = "";
  bad[2].x = -1;
  bad[3].hash = "../" + good.hash.substr(3);
  bad[4].extension = "sh";
  bad[5].z = 31;
  for (const TileKey& key : bad)
    EXPECT_THROW(maker.store().path_of(key), Error);
}

TEST_F(TileMakerTest, a_write_that_fails_at_any_step_leaves_the_old_tile_or_none) {
  const std::string policy = tile_policy();
  TileMaker(setup(policy)).get(asked());
  write_hills("hills.tif", 30.0);
  const Bytes right = fresh(policy, asked());
  for (int step = 1;; ++step) {
    FailingFileSystem files(step);
    TileMaker::Setup failing = setup(policy);
    failing.files = &files;
    EXPECT_EQ(TileMaker(failing).get(asked())->content, right) << step;
    const TilePointer next = TileMaker(setup(policy, CacheMode::kReadOnly)).get(asked());
    EXPECT_EQ(next->content, right) << step;
    if (next->cached) break;
    ASSERT_LT(step, 100);
  }
  EXPECT_NE(warned_, "");
}

TEST_F(TileMakerTest, read_only_and_off_write_nothing) {
  for (const CacheMode mode : {CacheMode::kReadOnly, CacheMode::kOff}) {
    TileMaker maker(setup(tile_policy(), mode));
    EXPECT_FALSE(maker.get(asked())->content.empty());
    EXPECT_FALSE(maker.get(asked())->cached);
    EXPECT_FALSE(std::filesystem::exists(path("cache")));
  }
}

TEST_F(TileMakerTest, the_same_tile_asked_at_once_is_made_once) {
  TileMaker::Setup once = setup(tile_policy());
  once.look_every = std::chrono::hours(1);
  TileMaker maker(once);
  std::atomic<int> made{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 8; ++i)
    readers.emplace_back([&] {
      const TilePointer tile = maker.get(asked());
      made += tile->cached ? 0 : 1;
    });
  for (std::thread& reader : readers)
    reader.join();
  EXPECT_GE(made, 1);
  EXPECT_EQ(files_of_tiles(), 3U);
}

TEST(FlightsTest, who_comes_meanwhile_gets_what_the_first_makes) {
  Flights<int> flights;
  std::atomic<int> made{0}, inside{0};
  std::vector<std::thread> threads;
  std::atomic<int> sum{0};
  for (int i = 0; i < 6; ++i)
    threads.emplace_back([&] {
      ++inside;
      sum += flights.run("a", [&] {
        while (inside < 6)
          std::this_thread::yield();
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        return ++made;
      });
    });
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(made, 1);
  EXPECT_EQ(sum, 6);
  EXPECT_THROW(flights.run("a", []() -> int { throw std::runtime_error("no"); }),
               std::runtime_error);
  EXPECT_EQ(flights.run("a", [] { return 7; }), 7) << "a failure is not remembered";
}

}  // namespace
}  // namespace topobathy
