#include <atomic>
#include <cstring>
#include <random>
#include <thread>

#include "fusion/window.h"
#include "providers/block_test_files.h"

namespace topobathy {
namespace {

using test::RasterSpec;

class BlockThreads : public test::BlockFilesTest {
 protected:
  BlockThreads() { set_block_cache_limit(kSmallCache); }
  ~BlockThreads() override { set_block_cache_limit(kDefaultCache); }

  std::string make(const std::string& name, const RasterSpec& spec) {
    const std::string file = name.front() == '/' ? name : path(name);
    const double hole = -9999;
    const auto dataset = test::create_raster(file, spec);
    for (int band = 1; band <= spec.bands; ++band)
      test::write_terrain(*dataset, band, &hole);
    const int factor = 2;
    if (EQUAL(spec.driver, "GTiff"))
      dataset->BuildOverviews("NEAREST", 1, &factor, 0, nullptr, nullptr, nullptr);
    return file;
  }

 private:
  static constexpr std::size_t kSmallCache = 400000;  // a few tiles: they come and go all the time
  static constexpr std::size_t kDefaultCache = std::size_t{64} << 20;
};

RasterSpec spec_of(const std::vector<std::string>& creation_options, int bands = 2) {
  RasterSpec spec;
  spec.width = 500;
  spec.height = 400;
  spec.bands = bands;
  spec.nodata = "-9999";
  spec.creation_options = creation_options;
  return spec;
}

/// One tile of one file with what it must hold.
struct Expected {
  std::shared_ptr<BlockReader> reader;
  int level, band;
  std::int64_t col, row;
  std::vector<float> pixels;
};

std::vector<Expected> all_tiles(const std::shared_ptr<BlockReader>& reader) {
  std::vector<Expected> tiles;
  for (std::size_t l = 0; l < reader->header().levels.size(); ++l) {
    const RasterLevel& level = reader->header().levels[l];
    for (int band = 1; band <= reader->header().bands; ++band) {
      for (std::int64_t row = 0; row < ceil_div(level.height, level.block_height); ++row) {
        for (std::int64_t col = 0; col < ceil_div(level.width, level.block_width); ++col) {
          const int number = static_cast<int>(l);
          tiles.push_back(
              {reader, number, band, col, row, *reader->block(number, band, col, row, {})});
        }
      }
    }
  }
  return tiles;
}

TEST_F(BlockThreads, random_tiles_of_several_files_are_right_for_four_threads) {
  const std::vector<std::string> files{
      make("deflate.tif", spec_of({"TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=128",
                                   "COMPRESS=DEFLATE", "PREDICTOR=3"})),
      make("zstd.tif", spec_of({"COMPRESS=ZSTD", "PREDICTOR=2", "INTERLEAVE=BAND"})),
      make("lzw.tif", spec_of({"TILED=YES", "COMPRESS=LZW"}, 3)),
      make("/vsimem/topobathy_block_threads.tif", spec_of({"TILED=YES", "COMPRESS=DEFLATE"})),
  };
  RasterSpec netcdf = spec_of({"FORMAT=NC4"}, 1);
  netcdf.driver = "netCDF";
  std::vector<Expected> tiles;
  for (const std::string& file : files) {
    for (Expected& tile : all_tiles(open_raster(file, {})))
      tiles.push_back(std::move(tile));
  }
  for (Expected& tile : all_tiles(open_raster(make("chunks.nc", netcdf), {})))
    tiles.push_back(std::move(tile));
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937 generator(t);
      for (int i = 0; i < 150; ++i) {
        const Expected& want = tiles[generator() % tiles.size()];
        const BlockPointer got = want.reader->block(want.level, want.band, want.col, want.row, {1});
        if (got->size() != want.pixels.size() ||
            std::memcmp(got->data(), want.pixels.data(), got->size() * sizeof(float)) != 0)
          ++wrong;
        if (t == 0 && i % 50 == 25) drop_block_cache();
      }
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(0, wrong);
  drop_block_cache();
  VSIUnlink("/vsimem/topobathy_block_threads.tif");
}

TEST_F(BlockThreads, one_tile_wanted_by_all_is_decoded_once) {
  const auto reader =
      open_raster(make("a.tif", spec_of({"TILED=YES", "COMPRESS=DEFLATE", "PREDICTOR=3"})), {});
  std::atomic<std::int64_t> decoded{0};
  std::atomic<int> ready{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      ++ready;
      while (ready < 4)
        std::this_thread::yield();
      reader->block(0, 1, 0, 0, {});
      decoded += take_decode_work().pixels;
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(256 * 256, decoded);
}

}  // namespace
}  // namespace topobathy
