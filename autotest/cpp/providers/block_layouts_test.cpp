// The fast path gives what GDAL gives, bit by bit, whatever the layout of the file.

#include <cmath>
#include <cstring>
#include <filesystem>
#include <set>

#include "fusion/error.h"
#include "fusion/window.h"
#include "providers/block_test_files.h"
#include "providers/raster/handle_pool.h"
#include "providers/raster/raster_layout.h"
#include "providers/raster/tiff_layout.h"

namespace topobathy {
namespace {

using test::BlockFilesTest;
using test::RasterSpec;

std::shared_ptr<BlockReader> open_with(const std::string& path, bool fast) {
  RasterOpenOptions options;
  options.fast_path = fast;
  return open_raster(path, options);
}

/// What GDAL says a pixel of a level is, by the plainest way: doubles of the whole band.
std::vector<float> reference_band(const std::string& path, int band, const RasterLevel& level) {
  const test::DatasetHandle dataset(GDALDataset::Open(path.c_str(), GDAL_OF_RASTER));
  GDALRasterBand* source = dataset->GetRasterBand(band);
  for (int i = 0; source->GetXSize() != level.width; ++i)
    source = dataset->GetRasterBand(band)->GetOverview(i);
  const int width = source->GetXSize(), height = source->GetYSize();
  std::vector<float> pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  EXPECT_EQ(CE_None, source->RasterIO(GF_Read, 0, 0, width, height, pixels.data(), width, height,
                                      GDT_Float32, 0, 0, nullptr));
  int has = FALSE;
  const auto nodata = static_cast<float>(source->GetNoDataValue(&has));
  for (float& pixel : pixels) {
    if (!std::isfinite(pixel) || (has != FALSE && pixel == nodata)) pixel = kNoValue;
  }
  return pixels;
}

void expect_level_equals(BlockReader& reader, int level_number, int band,
                         const std::vector<float>& expected) {
  const RasterLevel& level = reader.header().levels[static_cast<std::size_t>(level_number)];
  for (std::int64_t row = 0; row < ceil_div(level.height, level.block_height); ++row) {
    for (std::int64_t col = 0; col < ceil_div(level.width, level.block_width); ++col) {
      const BlockPointer tile = reader.block(level_number, band, col, row, {1});
      ASSERT_EQ(static_cast<std::size_t>(level.block_width * level.block_height), tile->size());
      for (std::int64_t i = 0; i < level.block_width * level.block_height; ++i) {
        const std::int64_t x = col * level.block_width + i % level.block_width;
        const std::int64_t y = row * level.block_height + i / level.block_width;
        const bool inside = x < level.width && y < level.height;
        const float want =
            inside ? expected[static_cast<std::size_t>(y * level.width + x)] : kNoValue;
        const float got = (*tile)[static_cast<std::size_t>(i)];
        ASSERT_EQ(0, std::memcmp(&want, &got, sizeof got))
            << "pixel " << x << ", " << y << " of band " << band << ", level " << level_number
            << ": GDAL " << want << ", block " << got;
      }
    }
  }
}

/// Both paths against GDAL, all levels and bands. \return how many levels the fast path took
int expect_equal_to_gdal(const std::string& path) {
  const auto fast = open_with(path, true);
  const auto plain = open_with(path, false);
  OpenRecipe recipe = make_recipe(path, {}, false);
  RasterHandle handle(open_dataset(recipe));
  const RasterLayout layout = read_layout(handle.dataset(), recipe);
  int taken = 0;
  for (std::size_t l = 0; l < fast->header().levels.size(); ++l) {
    taken += read_tiff_level(layout, layout.levels[l], handle) ? 1 : 0;
    for (int band = 1; band <= fast->header().bands; ++band) {
      const auto expected = reference_band(path, band, fast->header().levels[l]);
      expect_level_equals(*fast, static_cast<int>(l), band, expected);
      expect_level_equals(*plain, static_cast<int>(l), band, expected);
    }
  }
  return taken;
}

struct LayoutCase {
  const char* compression;
  const char* predictor;
  const char* interleave;
  GDALDataType type;
  bool tiled;
};

std::string name_of(const ::testing::TestParamInfo<LayoutCase>& info) {
  const LayoutCase& c = info.param;
  return std::string(c.compression) + "_p" + c.predictor + "_" + c.interleave + "_" +
         GDALGetDataTypeName(c.type) + (c.tiled ? "_tiles" : "_strips");
}

std::vector<LayoutCase> all_layouts() {
  std::vector<LayoutCase> cases;
  for (const char* compression : {"NONE", "DEFLATE", "LZW", "ZSTD"}) {
    for (const char* predictor : {"1", "2", "3"}) {
      for (const char* interleave : {"PIXEL", "BAND"}) {
        for (const GDALDataType type :
             {GDT_Byte, GDT_UInt16, GDT_Int16, GDT_UInt32, GDT_Int32, GDT_Float32, GDT_Float64}) {
          const bool floating = type == GDT_Float32 || type == GDT_Float64;
          if (EQUAL(compression, "NONE") && !EQUAL(predictor, "1")) continue;
          if (EQUAL(predictor, "3") && !floating) continue;
          for (const bool tiled : {true, false})
            cases.push_back({compression, predictor, interleave, type, tiled});
        }
      }
    }
  }
  return cases;
}

class BlockLayouts : public BlockFilesTest, public ::testing::WithParamInterface<LayoutCase> {};

TEST_P(BlockLayouts, fast_path_equals_gdal) {
  const LayoutCase& c = GetParam();
  RasterSpec spec;
  spec.width = 150;  // no multiple of the tile
  spec.height = 101;
  spec.bands = 3;
  spec.type = c.type;
  spec.nodata = c.type == GDT_Byte ? "255" : "0";
  spec.creation_options = {std::string("COMPRESS=") + c.compression,
                           std::string("PREDICTOR=") + c.predictor,
                           std::string("INTERLEAVE=") + c.interleave};
  spec.creation_options.emplace_back(c.tiled ? "TILED=YES" : "TILED=NO");
  spec.creation_options.emplace_back(c.tiled ? "BLOCKXSIZE=64" : "BLOCKXSIZE=150");
  spec.creation_options.emplace_back(c.tiled ? "BLOCKYSIZE=80" : "BLOCKYSIZE=7");
  const std::string path = this->path("a.tif");
  {
    const auto dataset = test::create_raster(path, spec);
    const double hole = CPLAtof(spec.nodata);
    for (int band = 1; band <= 3; ++band)
      test::write_terrain(*dataset, band, &hole);
  }
  const int expected = EQUAL(c.compression, "LZW") ? 0 : 1;
  EXPECT_EQ(expected, expect_equal_to_gdal(path)) << "levels on the fast path";
}

INSTANTIATE_TEST_SUITE_P(Matrix, BlockLayouts, ::testing::ValuesIn(all_layouts()), name_of);

class BlockFileKinds : public BlockFilesTest {
 protected:
  /// Creates, fills with `nodata` holes where there is any, adds overviews, compares.
  int check(const std::string& file, const RasterSpec& spec, const std::vector<int>& overviews) {
    {
      const auto dataset = test::create_raster(file, spec);
      const double hole = spec.nodata == nullptr ? 0 : CPLAtof(spec.nodata);
      for (int band = 1; band <= spec.bands; ++band)
        test::write_terrain(*dataset, band, spec.nodata == nullptr ? nullptr : &hole);
      if (!overviews.empty()) {
        EXPECT_EQ(CE_None, dataset->BuildOverviews("AVERAGE", static_cast<int>(overviews.size()),
                                                   overviews.data(), 0, nullptr, nullptr, nullptr));
      }
    }
    return expect_equal_to_gdal(file);
  }
  static RasterSpec deflated(int width, int height) {
    RasterSpec spec;
    spec.width = width;
    spec.height = height;
    spec.creation_options = {"TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=128", "COMPRESS=DEFLATE",
                             "PREDICTOR=3"};
    return spec;
  }
};

TEST_F(BlockFileKinds, overviews_inside_the_file) {
  RasterSpec spec = deflated(700, 500);
  spec.bands = 2;
  spec.nodata = "-999999";
  EXPECT_EQ(3, check(path("a.tif"), spec, {2, 4}));
}

TEST_F(BlockFileKinds, overviews_beside_the_file) {
  RasterSpec spec = deflated(700, 500);
  spec.nodata = "1000000";
  check(path("a.tif"), spec, {});
  {
    const test::DatasetHandle dataset(GDALDataset::Open(path("a.tif").c_str(), GDAL_OF_RASTER));
    const int factors[] = {2, 4};
    ASSERT_EQ(CE_None,
              dataset->BuildOverviews("NEAREST", 2, factors, 0, nullptr, nullptr, nullptr));
  }
  ASSERT_TRUE(std::filesystem::exists(path("a.tif.ovr")));
  EXPECT_EQ(3, expect_equal_to_gdal(path("a.tif")));
}

TEST_F(BlockFileKinds, cloud_optimized) {
  RasterSpec spec = deflated(900, 700);
  spec.nodata = "nan";
  check(path("a.tif"), spec, {});
  const test::DatasetHandle source(GDALDataset::Open(path("a.tif").c_str(), GDAL_OF_RASTER));
  const auto options = test::list_of({"COMPRESS=ZSTD", "PREDICTOR=YES", "BLOCKSIZE=256"});
  GDALDriver* const cog = GetGDALDriverManager()->GetDriverByName("COG");
  test::DatasetHandle(cog->CreateCopy(path("cog.tif").c_str(), source.get(), FALSE, options.List(),
                                      nullptr, nullptr));
  EXPECT_EQ(3, expect_equal_to_gdal(path("cog.tif")));
}

TEST_F(BlockFileKinds, bigtiff_and_single_line_strips) {
  RasterSpec spec = deflated(300, 200);
  spec.creation_options.emplace_back("BIGTIFF=YES");
  EXPECT_EQ(1, check(path("big.tif"), spec, {}));
  spec.creation_options = {"COMPRESS=ZSTD", "BLOCKYSIZE=1", "PREDICTOR=3"};
  EXPECT_EQ(1, check(path("lines.tif"), spec, {}));
  spec.creation_options = {"BLOCKYSIZE=1"};
  EXPECT_EQ(1, check(path("raw_lines.tif"), spec, {}));
  spec.creation_options = {"BLOCKYSIZE=200"};
  EXPECT_EQ(1, check(path("one_strip.tif"), spec, {}));
}

TEST_F(BlockFileKinds, tiny_and_tall_tiles) {
  RasterSpec spec = deflated(300, 290);
  spec.nodata = "-3.4028234663852886e+38";
  spec.creation_options = {"TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=32", "COMPRESS=DEFLATE",
                           "PREDICTOR=3"};
  EXPECT_EQ(1, check(path("tiny.tif"), spec, {}));
  spec.creation_options = {"TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=2048", "COMPRESS=DEFLATE"};
  EXPECT_EQ(1, check(path("tall.tif"), spec, {}));
}

TEST_F(BlockFileKinds, in_memory) {
  RasterSpec spec = deflated(300, 290);
  spec.nodata = "-9999";
  EXPECT_EQ(3, check("/vsimem/topobathy_block_layouts.tif", spec, {2, 4}));
  drop_block_cache();
  VSIUnlink("/vsimem/topobathy_block_layouts.tif");
}

TEST_F(BlockFileKinds, left_to_gdal) {
  RasterSpec spec = deflated(200, 150);
  spec.creation_options = {"ENDIANNESS=BIG", "TILED=YES"};
  EXPECT_EQ(0, check(path("big_endian.tif"), spec, {}));
  spec.creation_options = {"TILED=YES", "BLOCKXSIZE=2048", "BLOCKYSIZE=2048", "COMPRESS=DEFLATE"};
  EXPECT_EQ(0, check(path("huge_tiles.tif"), spec, {})) << "cut into parts";
  spec.type = GDT_UInt16;
  spec.creation_options = {"NBITS=12", "TILED=YES"};
  EXPECT_EQ(0, check(path("twelve_bits.tif"), spec, {}));
  spec.type = GDT_Float32;
  spec.creation_options = {"COMPRESS=LERC", "TILED=YES"};
  EXPECT_EQ(0, check(path("lerc.tif"), spec, {}));
  spec.driver = "HFA";
  spec.creation_options = {};
  EXPECT_EQ(0, check(path("erdas.img"), spec, {}));
}

TEST_F(BlockFileKinds, infinities_and_nans_are_no_data) {
  RasterSpec spec = deflated(130, 70);
  spec.nodata = "inf";
  check(path("inf.tif"), spec, {});
  const auto reader = open_with(path("inf.tif"), true);
  EXPECT_TRUE(std::isnan(reader->block(0, 1, 0, 0, {})->front()));
}

/// Only the left half of the middle tile row is written.
void write_partly(const std::string& path, RasterSpec spec) {
  spec.creation_options.emplace_back("SPARSE_OK=TRUE");
  const auto dataset = test::create_raster(path, spec);
  std::vector<float> values(128 * 128, 5.0F);
  for (int band = 1; band <= spec.bands; ++band)
    ASSERT_EQ(CE_None,
              dataset->GetRasterBand(band)->RasterIO(GF_Write, 0, 128, 128, 128, values.data(), 128,
                                                     128, GDT_Float32, 0, 0, nullptr));
}

TEST_F(BlockFileKinds, absent_tiles_of_a_sparse_file_are_no_data_even_without_a_nodata_value) {
  RasterSpec spec = deflated(256, 384);
  spec.bands = 2;
  write_partly(path("sparse.tif"), spec);
  for (const bool fast : {true, false}) {
    const auto reader = open_with(path("sparse.tif"), fast);
    const BlockPointer absent = reader->block(0, 1, 1, 1, {2});
    EXPECT_TRUE(std::isnan(absent->front()) && std::isnan(absent->back()));
    EXPECT_EQ(absent, reader->block(0, 2, 0, 0, {})) << "one shared tile";
    EXPECT_EQ(5.0F, reader->block(0, 2, 0, 1, {})->front());
  }
}

TEST_F(BlockFileKinds, a_tile_behind_the_end_of_a_file_cut_short_is_an_error_not_an_absent_one) {
  for (const std::string& compression : std::vector<std::string>{"NONE", "ZSTD", "LZW"}) {
    RasterSpec spec = deflated(256, 384);
    spec.creation_options = {"TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=128",
                             "COMPRESS=" + compression};
    std::vector<float> values(256 * 384);
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = std::sin(static_cast<float>(i));
    ASSERT_EQ(CE_None, test::create_raster(path("cut.tif"), spec)
                           ->GetRasterBand(1)
                           ->RasterIO(GF_Write, 0, 0, 256, 384, values.data(), 256, 384,
                                      GDT_Float32, 0, 0, nullptr));
    std::filesystem::resize_file(path("cut.tif"), 2000);
    for (const bool fast : {true, false}) {
      const auto reader = open_with(path("cut.tif"), fast);
      EXPECT_THROW((void)reader->block(0, 1, 0, 0, {}), Error) << compression << fast;
      EXPECT_THROW((void)reader->block(0, 1, 1, 2, {}), Error) << compression << fast;
    }
  }
}

TEST_F(BlockFileKinds, a_tile_gathered_from_present_and_absent_blocks) {
  RasterSpec spec = deflated(256, 384);
  spec.creation_options = {"TILED=YES", "BLOCKXSIZE=32", "BLOCKYSIZE=32", "COMPRESS=ZSTD"};
  write_partly(path("sparse.tif"), spec);
  for (const bool fast : {true, false}) {
    const auto reader = open_with(path("sparse.tif"), fast);
    const RasterLevel& level = reader->header().levels[0];
    ASSERT_EQ(256, level.block_width);
    const BlockPointer tile = reader->block(0, 1, 0, 0, {});
    const auto at = [&](int x, int y) { return (*tile)[static_cast<std::size_t>(y * 256 + x)]; };
    EXPECT_TRUE(std::isnan(at(0, 127)));
    EXPECT_EQ(5.0F, at(0, 128));
    EXPECT_EQ(5.0F, at(127, 255));
    EXPECT_TRUE(std::isnan(at(128, 128)));
    EXPECT_TRUE(std::isnan(at(0, 256)));
  }
}

TEST_F(BlockFileKinds, a_mask_hides_pixels_and_stays_with_gdal) {
  RasterSpec spec = deflated(200, 150);
  const CPLConfigOptionSetter internal("GDAL_TIFF_INTERNAL_MASK", "YES", false);
  {
    const auto dataset = test::create_raster(path("mask.tif"), spec);
    test::write_terrain(*dataset, 1, nullptr);
    ASSERT_EQ(CE_None, dataset->CreateMaskBand(GMF_PER_DATASET));
    std::vector<std::uint8_t> mask(200 * 150, 255);
    mask[5] = 0;
    ASSERT_EQ(CE_None,
              dataset->GetRasterBand(1)->GetMaskBand()->RasterIO(
                  GF_Write, 0, 0, 200, 150, mask.data(), 200, 150, GDT_Byte, 0, 0, nullptr));
  }
  const auto reader = open_with(path("mask.tif"), true);
  const BlockPointer tile = reader->block(0, 1, 0, 0, {});
  EXPECT_TRUE(std::isnan((*tile)[5]));
  EXPECT_EQ(static_cast<float>(test::terrain(4, 0, 1)), (*tile)[4]);
}

TEST_F(BlockFileKinds, scale_and_offset_make_metres) {
  RasterSpec spec = deflated(100, 90);
  spec.type = GDT_Int16;
  spec.nodata = "-32768";
  spec.creation_options = {"TILED=YES", "COMPRESS=DEFLATE", "PREDICTOR=2"};
  {
    const auto dataset = test::create_raster(path("packed.tif"), spec);
    test::write_terrain(*dataset, 1, nullptr);
    dataset->GetRasterBand(1)->SetScale(0.5);
    dataset->GetRasterBand(1)->SetOffset(-10);
  }
  for (const bool fast : {true, false}) {
    const auto stored = static_cast<double>(static_cast<int>(std::round(test::terrain(3, 0, 1))));
    EXPECT_EQ(static_cast<float>(stored * 0.5 - 10),
              (*open_with(path("packed.tif"), fast)->block(0, 1, 0, 0, {}))[3]);
  }
}

}  // namespace
}  // namespace topobathy
