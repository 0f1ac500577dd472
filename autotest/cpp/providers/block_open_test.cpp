#include <cmath>
#include <cstdint>
#include <fstream>

#include <gmock/gmock.h>

#include "fusion/error.h"
#include "providers/block_test_files.h"
#include "providers/raster/allowed_drivers.h"
#include "providers/raster/gdal_errors.h"

namespace topobathy {
namespace {

using test::BlockFilesTest;
using test::RasterSpec;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

/// The code and text a call fails with.
struct Failure {
  std::optional<ErrorCode> code;
  std::string message;
};

template <class Call>
Failure failure_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return {error.code(), error.what()};
  }
  return {};
}

Failure open_failure(const std::string& path, const RasterOpenOptions& options = {}) {
  return failure_of([&] { open_raster(path, options); });
}

RasterSpec small_tiles() {
  RasterSpec spec;
  spec.width = 300;
  spec.height = 200;
  spec.nodata = "-9999";
  spec.creation_options = {"TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=128", "COMPRESS=DEFLATE",
                           "PREDICTOR=3"};
  return spec;
}

class BlockOpen : public BlockFilesTest {
 protected:
  std::string make(const std::string& name, const RasterSpec& spec) {
    const auto dataset = test::create_raster(path(name), spec);
    for (int band = 1; band <= spec.bands; ++band)
      test::write_terrain(*dataset, band, nullptr);
    return path(name);
  }
  void write_text(const std::string& name, const std::string& text) {
    std::ofstream(path(name), std::ios::binary) << text;
  }
};

TEST_F(BlockOpen, header_tells_all_without_a_handle) {
  RasterSpec spec = small_tiles();
  spec.bands = 2;
  {
    const auto dataset = test::create_raster(path("a.tif"), spec);
    OGRSpatialReference reference;
    ASSERT_EQ(OGRERR_NONE, reference.SetFromUserInput("EPSG:26919+5703"));
    dataset->SetSpatialRef(&reference);
    dataset->GetRasterBand(1)->SetDescription("Elevation");
    const int factor = 2;
    dataset->BuildOverviews("NEAREST", 1, &factor, 0, nullptr, nullptr, nullptr);
  }
  const RasterHeader header = open_raster(path("a.tif"), {})->header();
  EXPECT_EQ("GTiff", header.driver);
  EXPECT_EQ(2, header.bands);
  EXPECT_EQ(1000, header.geotransform[0]);
  EXPECT_EQ(-10, header.geotransform[5]);
  EXPECT_EQ((std::vector<std::optional<double>>{-9999.0, -9999.0}), header.nodata);
  EXPECT_EQ((std::vector<std::string>{"Elevation", ""}), header.band_names);
  EXPECT_THAT(header.crs_wkt, AllOf(HasSubstr("COMPOUNDCRS"), HasSubstr("NAVD88")));
  ASSERT_EQ(2U, header.levels.size());
  EXPECT_EQ(150, header.levels[1].width);
  EXPECT_EQ(128, header.levels[1].block_height);
  const auto bytes = std::filesystem::file_size(path("a.tif"));
  EXPECT_THAT(header.revision, ::testing::MatchesRegex(std::to_string(bytes) + "-[0-9]+"));
}

TEST_F(BlockOpen, a_missing_file_is_not_found) {
  const Failure failure = open_failure(path("missing.tif"));
  EXPECT_EQ(ErrorCode::kNotFound, failure.code);
  EXPECT_THAT(failure.message, HasSubstr("cannot read '" + path("missing.tif") + "': "));
  EXPECT_EQ(ErrorCode::kNotFound, open_failure("/vsimem/topobathy/missing.tif").code);
}

TEST_F(BlockOpen, what_is_no_raster_is_unreadable) {
  write_text("text.tif", "no raster at all");
  const Failure failure = open_failure(path("text.tif"));
  EXPECT_EQ(ErrorCode::kUnreadable, failure.code);
  EXPECT_THAT(failure.message, HasSubstr(path("text.tif")));
}

TEST_F(BlockOpen, gdal_stays_silent_and_keeps_its_last_error) {
  static int messages;
  messages = 0;
  CPLErrorReset();
  CPLPushErrorHandler([](CPLErr, CPLErrorNum, const char*) { ++messages; });
  open_failure(path("missing.tif"));
  CPLPopErrorHandler();
  EXPECT_EQ(0, messages);
  EXPECT_EQ(CE_None, CPLGetLastErrorType());
}

TEST_F(BlockOpen, a_vrt_is_refused_unless_allowed) {
  const std::string target = make("a.tif", small_tiles());
  GDALDriver* const vrt = GetGDALDriverManager()->GetDriverByName("VRT");
  const test::DatasetHandle source(GDALDataset::Open(target.c_str(), GDAL_OF_RASTER));
  test::DatasetHandle(
      vrt->CreateCopy(path("a.vrt").c_str(), source.get(), FALSE, nullptr, nullptr, nullptr));
  const Failure failure = open_failure(path("a.vrt"));
  EXPECT_EQ(ErrorCode::kUnsupported, failure.code);
  EXPECT_EQ(
      "cannot read '" + path("a.vrt") +
          "': GDAL driver VRT is not allowed for sources because its files name other files to "
          "read; give the files it names, or allow VRT",
      failure.message);
  RasterOpenOptions options;
  options.allow_vrt = true;
  const auto reader = open_raster(path("a.vrt"), options);
  EXPECT_EQ(*open_raster(target, {})->block(0, 1, 0, 0, {}), *reader->block(0, 1, 0, 0, {}));
}

TEST_F(BlockOpen, a_vrt_does_not_get_in_as_overview_or_mask_of_a_side_car) {
  const std::string target = make("a.tif", small_tiles());
  const auto write_vrt = [&](const std::string& name, int width, int height) {
    write_text(name,
               "<VRTDataset rasterXSize=\"" + std::to_string(width) + "\" rasterYSize=\"" +
                   std::to_string(height) +
                   "\"><Metadata><MDI key=\"INTERNAL_MASK_FLAGS_1\">2</MDI></Metadata>"
                   "<VRTRasterBand dataType=\"Float32\" band=\"1\"></VRTRasterBand></VRTDataset>");
  };
  write_vrt("a.tif.ovr", 150, 100);
  EXPECT_EQ(1U, open_raster(target, {})->header().levels.size());
  std::filesystem::remove(path("a.tif.ovr"));
  write_vrt("a.tif.msk", 300, 200);
  EXPECT_EQ(ErrorCode::kUnsupported, open_failure(target).code);
}

TEST_F(BlockOpen, drivers_that_reach_beyond_the_file_are_not_on_the_list) {
  const auto allowed = allowed_raster_drivers(false);
  for (const char* driver : {"GTiff", "netCDF", "BAG", "HFA", "AAIGrid", "GPKG"})
    EXPECT_THAT(allowed, Contains(driver));
  for (const char* driver :
       {"VRT", "DERIVED", "GTI", "WMS", "WMTS", "WCS", "STACIT", "STACTA", "MEM", "HTTP",
        "PLMOSAIC", "OGCAPI", "MRF", "EEDAI", "PostGISRaster", "TOPOBATHY", "NGW", "DAAS"})
    EXPECT_THAT(allowed, Not(Contains(driver)));
  EXPECT_THAT(allowed_raster_drivers(true), Contains("VRT"));
}

TEST_F(BlockOpen, services_and_tricky_paths_are_refused) {
  write_text("wms.xml", "<GDAL_WMS><Service name=\"TMS\"></Service></GDAL_WMS>");
  EXPECT_THAT(open_failure(path("wms.xml")).message, HasSubstr("because it asks a server"));
  for (const char* name : {"/vsicurl?header_file=/etc/passwd&url=http://localhost/a.tif",
                           "/vsisparse/a.xml", "/vsistdin/", "vrt://a.tif"})
    EXPECT_EQ(ErrorCode::kUnsupported, open_failure(name).code) << name;
}

TEST_F(BlockOpen, a_raster_without_geotransform_is_refused) {
  GDALDriver* const driver = GetGDALDriverManager()->GetDriverByName("GTiff");
  test::DatasetHandle(driver->Create(path("bare.tif").c_str(), 10, 10, 1, GDT_Float32, nullptr));
  EXPECT_THAT(open_failure(path("bare.tif")).message, HasSubstr("it has no geotransform"));
}

TEST_F(BlockOpen, complex_numbers_are_refused) {
  RasterSpec spec = small_tiles();
  spec.type = GDT_CFloat32;
  spec.nodata = nullptr;
  spec.creation_options = {};
  test::create_raster(path("complex.tif"), spec);
  EXPECT_THAT(open_failure(path("complex.tif")).message, HasSubstr("complex"));
}

TEST_F(BlockOpen, asking_for_a_tile_that_is_not_there_is_an_internal_error) {
  const auto reader = open_raster(make("a.tif", small_tiles()), {});
  for (const auto& [level, band, col, row] : std::vector<std::array<int, 4>>{
           {1, 1, 0, 0}, {0, 2, 0, 0}, {0, 0, 0, 0}, {0, 1, 3, 0}, {0, 1, 0, -1}}) {
    const Failure failure = failure_of([&] { reader->block(level, band, col, row, {}); });
    EXPECT_EQ(ErrorCode::kInternal, failure.code);
    EXPECT_THAT(failure.message, HasSubstr("there is no such tile"));
  }
}

TEST_F(BlockOpen, a_file_that_changed_is_an_error_until_it_is_opened_again) {
  const std::string file = make("a.tif", small_tiles());
  const auto reader = open_raster(file, {});
  const BlockPointer first = reader->block(0, 1, 0, 0, {});
  std::filesystem::resize_file(file, 5000);
  EXPECT_EQ(first, reader->block(0, 1, 0, 0, {})) << "of the old revision, as asked";
  const Failure failure = failure_of([&] { reader->block(0, 1, 1, 1, {}); });
  EXPECT_EQ(ErrorCode::kUnreadable, failure.code);
  EXPECT_THAT(failure.message, HasSubstr("has changed since it was opened"));
  make("a.tif", small_tiles());
  EXPECT_EQ(*first, *open_raster(file, {})->block(0, 1, 0, 0, {}));
}

TEST_F(BlockOpen, a_subdataset_has_the_revision_of_its_file) {
  RasterSpec spec = small_tiles();
  spec.driver = "netCDF";
  spec.creation_options = {"FORMAT=NC4"};
  const std::string file = make("a.nc", spec);
  const std::string name = "NETCDF:\"" + file + "\":Band1";
  const auto reader = open_raster(name, {});
  EXPECT_EQ(open_raster(file, {})->header().revision, reader->header().revision);
  EXPECT_NE("", reader->header().revision);
  std::filesystem::resize_file(file, std::filesystem::file_size(file) + 1);
  EXPECT_THAT(failure_of([&] { reader->block(0, 1, 0, 0, {}); }).message,
              HasSubstr("has changed since it was opened"));
}

/// Every way to cut the file short, and noise in it: clean errors or values, from both paths, never
/// a crash.
TEST_F(BlockOpen, truncated_files_fail_cleanly) {
  const std::string file = make("a.tif", small_tiles());
  const auto size = static_cast<std::int64_t>(std::filesystem::file_size(file));
  int failures = 0;
  for (std::int64_t kept = size - 1; kept > 0; kept -= size / 23) {
    const std::string cut = path("cut_" + std::to_string(kept) + ".tif");
    std::filesystem::copy_file(file, cut);
    std::filesystem::resize_file(cut, static_cast<std::uintmax_t>(kept));
    const Failure failure = failure_of([&] {
      const auto reader = open_raster(cut, {});
      for (int tile = 0; tile < 6; ++tile)
        reader->block(0, 1, tile % 3, tile / 3, {});
    });
    if (!failure.code) continue;
    ++failures;
    EXPECT_EQ(ErrorCode::kUnreadable, failure.code) << failure.message;
    EXPECT_THAT(failure.message, HasSubstr(cut));
  }
  EXPECT_GT(failures, 10);
}

TEST_F(BlockOpen, a_damaged_tile_names_itself_and_leaves_the_others_readable) {
  const std::string file = make("a.tif", small_tiles());
  std::uint64_t offset = 0;
  {
    const test::DatasetHandle dataset(GDALDataset::Open(file.c_str(), GDAL_OF_RASTER));
    offset = std::strtoull(dataset->GetRasterBand(1)->GetMetadataItem("BLOCK_OFFSET_1_0", "TIFF"),
                           nullptr, 10);
  }
  std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekp(static_cast<std::streamoff>(offset + 40));
  bytes << std::string(200, '\xA5');
  bytes.close();
  const auto reader = open_raster(file, {});
  const Failure failure = failure_of([&] { reader->block(0, 1, 1, 0, {}); });
  EXPECT_EQ(ErrorCode::kUnreadable, failure.code);
  EXPECT_THAT(failure.message,
              HasSubstr("cannot read tile (1, 0) of band 1, level 0 of '" + file + "': "));
  EXPECT_FALSE(std::isnan(reader->block(0, 1, 0, 0, {})->front()));
}

TEST_F(BlockOpen, flipped_bytes_anywhere_never_crash) {
  RasterSpec spec = small_tiles();
  spec.bands = 2;
  const std::string file = make("a.tif", spec);
  std::string bytes(std::filesystem::file_size(file), '\0');
  std::ifstream(file, std::ios::binary)
      .read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  int readable = 0;
  for (std::size_t at = 0; at < 700; at += 7) {  // the header and the directory
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x41);
    write_text("flip.tif", damaged);
    const Failure failure = failure_of([&] {
      const auto reader = open_raster(path("flip.tif"), {});
      if (reader->header().levels[0].block_width > 4096) return;
      reader->block(0, 1, 0, 0, {});
    });
    readable += failure.code ? 0 : 1;
  }
  EXPECT_GT(readable, 0);
}

TEST_F(BlockOpen, decode_work_is_counted_for_the_thread) {
  const auto reader = open_raster(make("a.tif", small_tiles()), {});
  take_decode_work();
  reader->block(0, 1, 0, 0, {});
  reader->block(0, 1, 0, 0, {});
  reader->block(0, 1, 2, 1, {});
  const DecodeWork work = take_decode_work();
  EXPECT_EQ(128 * 128 + 44 * 72, work.pixels);
  EXPECT_GT(work.bytes, 0);
  EXPECT_LT(work.bytes, 2 * 128 * 128 * 4) << "compressed";
  EXPECT_EQ(0, take_decode_work().pixels);
}

}  // namespace
}  // namespace topobathy
