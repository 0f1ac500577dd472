#include <cmath>
#include <thread>

#include "archives/gebco_fixture.h"
#include "providers/gebco/type_identifiers.h"
#include "providers/raster/contributor_table.h"
#include "refusal.h"

namespace topobathy {
namespace {

using test::band_pixels;
using test::DapAnswer;
using testing_support::refusal;
using Names = std::vector<std::string>;

class GebcoArchiveTest : public test::GebcoTest {
 protected:
  Asset tile(int south, int west) {
    const double lon = west + 0.5;
    const double lat = south + 0.5;
    return archive("gebco_2025")->find({lon, lat, lon, lat}).at(0).asset;
  }
};

TEST_F(GebcoArchiveTest, finds_every_tile_of_the_globe_without_a_request) {
  const auto gebco = archive("gebco_2025");
  EXPECT_EQ((Names{"n42_w071"}), ids(gebco->find({-70.8, 42.1, -70.2, 42.9})));
  EXPECT_EQ((Names{"n10_e179", "n10_w180"}), ids(gebco->find({179.5, 10.2, -179.5, 10.4})));
  EXPECT_EQ((Names{"n89_e000"}), ids(gebco->find({0.5, 89.5, 0.6, 90})));
  EXPECT_EQ((Names{"s90_w001"}), ids(gebco->find({-0.6, -90, -0.5, -89.5})));
  EXPECT_EQ(64800U, gebco->find({-180, -90, 180, 90}).size());
  EXPECT_TRUE(http_->calls().empty());
}

TEST_F(GebcoArchiveTest, an_asset_states_what_the_archive_states) {
  const Asset asset = tile(42, -71);
  EXPECT_EQ(Asset::Access::kService, asset.access);
  EXPECT_EQ("gebco_2025_sub_ice", asset.revision);
  EXPECT_EQ("EPSG:5714", asset.heights.crs);
  EXPECT_EQ(StatedBy::kArchive, asset.heights.by);
  EXPECT_EQ(-71, asset.box.west);
  EXPECT_EQ(43, asset.box.north);
  EXPECT_EQ("GEBCO 2025", asset.record.survey_id);
  EXPECT_EQ("survey:GEBCO 2025", asset.record.key);
  EXPECT_EQ("https://doi.org/10.5285/37c52e96-24ea-67ce-e063-7086abc05f29", asset.record.link);
  EXPECT_NEAR(463.8, asset.resolution, 0.1);
}

TEST_F(GebcoArchiveTest, makes_a_tile_with_north_up_and_its_corner_at_the_degree) {
  serve_structure("sub_ice");
  serve_tile(42, -71);
  const auto gebco = archive("gebco_2025");
  const Asset asset = tile(42, -71);
  EXPECT_FALSE(gebco->is_local(asset, 30));
  const AssetFile file = gebco->open(asset, 30);
  EXPECT_EQ(context_->folder + "/raw/gebco_2025_sub_ice_n42_w071.tif", file.path);
  EXPECT_TRUE(gebco->is_local(asset, 30));
  const auto elevation = band_pixels(file.path, 1);
  const auto tid = band_pixels(file.path, 2);
  ASSERT_EQ(57600U, elevation.size());
  for (std::size_t row = 0; row < 240; ++row) {
    for (std::size_t col = 0; col < 240; ++col) {
      const std::uint64_t global_row = (42 + 90) * 240 + (239 - row);
      const std::uint64_t global_col = (-71 + 180) * 240 + col;
      ASSERT_EQ(elevation_at(global_row, global_col), elevation[row * 240 + col]);
      ASSERT_EQ(identifier_at(global_row, global_col), tid[row * 240 + col]);
    }
  }
  std::unique_ptr<GDALDataset> opened(GDALDataset::Open(file.path.c_str()));
  double transform[6];
  ASSERT_EQ(CE_None, opened->GetGeoTransform(transform));
  EXPECT_EQ(-71.0, transform[0]);
  EXPECT_EQ(43.0, transform[3]);
  EXPECT_EQ(1.0 / 240, transform[1]);
  EXPECT_EQ(-1.0 / 240, transform[5]);
  EXPECT_STREQ("4326", opened->GetSpatialRef()->GetAuthorityCode(nullptr));
  EXPECT_STREQ("Elevation", opened->GetRasterBand(1)->GetDescription());
  EXPECT_TRUE(std::isnan(opened->GetRasterBand(1)->GetNoDataValue()));
  EXPECT_STREQ("DEFLATE", opened->GetMetadataItem("COMPRESSION", "IMAGE_STRUCTURE"));
}

TEST_F(GebcoArchiveTest, asks_two_windows_a_tile_and_the_structure_once) {
  serve_structure("sub_ice");
  serve_tile(42, -71);
  serve_tile(42, -70);
  const auto gebco = archive("gebco_2025");
  gebco->open(tile(42, -71), 30);
  EXPECT_EQ(3U, http_->calls().size());
  gebco->open(tile(42, -70), 30);
  EXPECT_EQ(5U, http_->calls().size());
  gebco->open(tile(42, -71), 30);
  archive("gebco_2025")->open(tile(42, -70), 3000);
  EXPECT_EQ(5U, http_->calls().size());
}

TEST_F(GebcoArchiveTest, another_process_knows_the_variable_from_the_discovery_cache) {
  serve_structure("sub_ice", "sub_ice_topo_bathymetry");
  serve_tile(42, -71, "sub_ice_topo_bathymetry");
  serve_tile(42, -70, "sub_ice_topo_bathymetry");
  archive("gebco_2025")->open(tile(42, -71), 30);
  http_->remove(url("sub_ice") + ".dds");
  EXPECT_NO_THROW(archive("gebco_2025")->open(tile(42, -70), 30));
}

TEST_F(GebcoArchiveTest, tiles_at_the_edges_of_the_world_have_the_right_rows_and_columns) {
  serve_structure("sub_ice");
  for (const auto& [south, west] : {std::pair{89, -180}, {-90, 179}, {0, 0}, {-1, -1}}) {
    serve_tile(south, west);
    EXPECT_NO_THROW(archive("gebco_2025")->open(tile(south, west), 30)) << south << " " << west;
  }
  // The reference's check cell: 4.2020833 N 74.0020833 E is row 22608, column 60960.
  serve_tile(4, 74);
  const auto pixels = band_pixels(archive("gebco_2025")->open(tile(4, 74), 30).path, 1);
  EXPECT_EQ(elevation_at(22608, 60960), pixels[(239 - 22608 % 240) * 240 + 60960 % 240]);
}

TEST_F(GebcoArchiveTest, the_attribute_table_names_the_tiles_own_identifiers_land_included) {
  serve_structure("sub_ice");
  serve_tile(42, -71);
  const AssetFile file = archive("gebco_2025")->open(tile(42, -71), 30);
  EXPECT_EQ("", file.sidecar);
  const ContributorTable table = read_contributor_table(file.path, {});
  EXPECT_EQ(2, table.band);
  ASSERT_EQ(4U, table.sources.size());
  EXPECT_EQ("GEBCO 2025 (TID 0)", table.sources.at(0).survey_id);
  const SourceRecord& multibeam = table.sources.at(11);
  EXPECT_EQ("GEBCO 2025 (TID 11)", multibeam.survey_id);
  EXPECT_EQ("General Bathymetric Chart of the Oceans (GEBCO)", multibeam.institution);
  EXPECT_EQ("public domain", multibeam.license_name);
  EXPECT_EQ("mean sea level", multibeam.vertical_datum);
  EXPECT_EQ(0U, table.sources.count(41));
}

TEST_F(GebcoArchiveTest, no_data_of_either_edition_becomes_nan_and_names_nobody) {
  serve_structure("sub_ice");
  serve_tile(42, -71);
  DapAnswer answer;
  answer.type = "Int32";
  answer.row = 132 * 240;
  answer.col = 109 * 240;
  answer.value = [](auto row, auto col) {
    const int kEach[] = {-999999, -32767, -32768, 5};
    return row == 132 * 240 && col < 109 * 240 + 4 ? kEach[col - 109 * 240] : -7;
  };
  http_->put(window_url("sub_ice", answer), answer.body());
  const std::string path = archive("gebco_2025")->open(tile(42, -71), 30).path;
  const auto elevation = band_pixels(path, 1);
  const auto tid = band_pixels(path, 2);
  const std::size_t last_row = 239 * 240;
  for (std::size_t col = 0; col < 3; ++col) {
    EXPECT_TRUE(std::isnan(elevation[last_row + col])) << col;
    EXPECT_TRUE(std::isnan(tid[last_row + col])) << col;
  }
  EXPECT_EQ(5, elevation[last_row + 3]);
  EXPECT_EQ(0, tid[last_row + 3]);
}

TEST_F(GebcoArchiveTest, overviews_hold_means_of_elevation_and_whole_identifiers) {
  serve_structure("sub_ice");
  serve_tile(42, -71);
  const std::string path = archive("gebco_2025")->open(tile(42, -71), 30).path;
  const auto full = band_pixels(path, 1);
  const auto half = band_pixels(path, 1, 0);
  ASSERT_EQ(14400U, half.size());
  EXPECT_FLOAT_EQ((full[0] + full[1] + full[240] + full[241]) / 4, half[0]);
  const auto coarse = band_pixels(path, 2, 3);
  ASSERT_EQ(225U, coarse.size());
  EXPECT_EQ(0, coarse[0]);
  EXPECT_EQ(40, coarse[14]);
  double sum = 0;
  for (const float z : full)
    sum += z;
  double coarse_sum = 0;
  for (const float z : band_pixels(path, 1, 3))
    coarse_sum += z;
  EXPECT_NEAR(sum / 57600, coarse_sum / 225, 0.01);
}

TEST_F(GebcoArchiveTest, the_ice_surface_is_another_data_set_with_files_of_its_own) {
  serve_structure("ice_surface");
  serve_tile(-80, 10, "elevation", "ice_surface");
  const auto ice = archive("gebco_2025", "ice_surface");
  const Asset asset = ice->find({10.5, -79.5, 10.5, -79.5}).at(0).asset;
  EXPECT_EQ("gebco_2025_ice_surface", asset.revision);
  EXPECT_EQ(context_->folder + "/raw/gebco_2025_ice_surface_s80_e010.tif",
            ice->open(asset, 30).path);
}

TEST_F(GebcoArchiveTest, a_failing_request_fails_the_tile_and_poisons_nothing) {
  serve_structure("sub_ice");
  serve_tile(42, -71);
  const auto gebco = archive("gebco_2025");
  int failures = 0;
  for (int n = 1;; ++n) {
    http_->fail_call(n);
    try {
      gebco->open(tile(42, -71), 30);
      break;
    } catch (const Error& error) {
      EXPECT_EQ(ErrorCode::kUnreadable, error.code());
      EXPECT_TRUE(directory_.files().empty()) << "after failure " << n;
      ++failures;
    }
  }
  // Structure, elevation, identifiers; what was learned from the structure is kept meanwhile.
  EXPECT_EQ(2, failures);
  const std::string path = gebco->open(tile(42, -71), 30).path;
  EXPECT_EQ(elevation_at(132 * 240 + 239, 109 * 240), band_pixels(path, 1)[0]);
}

TEST_F(GebcoArchiveTest, without_identifiers_there_is_no_elevation) {
  serve_structure("sub_ice");
  serve_tile(42, -71);
  DapAnswer identifiers;
  identifiers.variable = "tid";
  identifiers.row = 132 * 240;
  identifiers.col = 109 * 240;
  http_->remove(window_url("tid", identifiers));
  EXPECT_EQ(
      "'" + url("tid") +
          ".dods': the DAP2 server answers with status 404; the archive has moved or is "
          "closed, see whether the address is still right",
      refusal(ErrorCode::kUnreadable, [&] { archive("gebco_2025")->open(tile(42, -71), 30); }));
}

TEST_F(GebcoArchiveTest, a_grid_of_another_shape_or_name_is_refused) {
  DapAnswer whole;
  whole.rows = 21600;
  whole.cols = 43200;
  http_->put(url("sub_ice") + ".dds", whole.structure());
  const auto open = [&] { archive("gebco_2025")->open(tile(42, -71), 30); };
  EXPECT_EQ("'" + url("sub_ice") +
                "': its 'elevation' is no grid of 43200 x 86400 pixels; the archive has changed, "
                "and a newer version of this program may be needed",
            refusal(ErrorCode::kUnreadable, open));
  serve_structure("sub_ice", "depth");
  EXPECT_EQ("'" + url("sub_ice") +
                "': it has neither 'sub_ice_topo_bathymetry' nor 'elevation'; the archive has "
                "changed, and a newer version of this program may be needed",
            refusal(ErrorCode::kUnreadable, open));
}

TEST_F(GebcoArchiveTest, coordinates_that_are_not_the_pixels_are_refused) {
  serve_structure("sub_ice");
  serve_tile(42, -71);
  DapAnswer asked;
  asked.row = 132 * 240;
  asked.col = 109 * 240;
  DapAnswer other = asked;
  other.row = 47 * 240;
  other.value = elevation_at;
  http_->put(window_url("sub_ice", asked), other.body());
  EXPECT_EQ(
      "'" + url("sub_ice") +
          "': the coordinates of tile n42_w071 are not those of its pixels; the archive has "
          "changed, and a newer version of this program may be needed",
      refusal(ErrorCode::kUnreadable, [&] { archive("gebco_2025")->open(tile(42, -71), 30); }));
}

TEST_F(GebcoArchiveTest, eight_threads_make_a_tile_once) {
  serve_structure("sub_ice");
  serve_tile(42, -71);
  const auto one = archive("gebco_2025");
  const auto two = archive("gebco_2025");
  const Asset asset = tile(42, -71);
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&, i] { (i % 2 == 0 ? *one : *two).open(asset, 30); });
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(3U, http_->calls().size());
}

TEST_F(GebcoArchiveTest, a_cache_that_may_not_be_written_is_not) {
  serve_structure("sub_ice");
  serve_tile(42, -71);
  context_->may_write = false;
  const std::string path = archive("gebco_2025")->open(tile(42, -71), 30).path;
  EXPECT_EQ(57600U, band_pixels(path, 1).size());
  EXPECT_TRUE(directory_.files().empty());
  archive("gebco_2025")->open(tile(42, -71), 30);
  EXPECT_EQ(3U, http_->calls().size());
}

TEST_F(GebcoArchiveTest, half_a_tile_is_made_again) {
  serve_structure("sub_ice");
  serve_tile(42, -71);
  const auto gebco = archive("gebco_2025");
  const std::string path = gebco->open(tile(42, -71), 30).path;
  std::filesystem::remove(path + ".aux.xml");
  EXPECT_FALSE(gebco->is_local(tile(42, -71), 30));
  gebco->open(tile(42, -71), 30);
  EXPECT_EQ(4U, read_contributor_table(path, {}).sources.size());
}

TEST(TypeIdentifiers, AllThatAreDocumentedHaveAMeaning) {
  std::vector<int> values;
  for (const TypeIdentifier& one : type_identifiers()) {
    values.push_back(one.value);
    EXPECT_STRNE("", one.meaning);
  }
  EXPECT_EQ(
      (std::vector<int>{0, 10, 11, 12, 13, 14, 15, 16, 17, 40, 41, 42, 43, 44, 45, 46, 70, 71, 72}),
      values);
  EXPECT_STREQ("direct", type_identifier(11).quality);
  EXPECT_STREQ("indirect", type_identifier(47).quality);
  EXPECT_STREQ("unknown", type_identifier(0).quality);
  EXPECT_STREQ("newer than this program", type_identifier(18).meaning);
}

}  // namespace
}  // namespace topobathy
