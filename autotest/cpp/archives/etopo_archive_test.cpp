#include "archives/archive_fixture.h"

namespace topobathy {
namespace {

using Names = std::vector<std::string>;

class EtopoArchiveTest : public test::ArchiveTest {};

TEST_F(EtopoArchiveTest, names_tiles_by_their_north_west_corner) {
  const auto etopo = archive("etopo_2022");
  EXPECT_EQ((Names{"ETOPO_2022_v1_15s_N45W075_surface"}),
            ids(etopo->find({-70.8, 42.1, -70.2, 42.9})));
  EXPECT_EQ((Names{"ETOPO_2022_v1_15s_N00E150_surface"}), ids(etopo->find({151, -14, 152, -13})));
  EXPECT_EQ((Names{"ETOPO_2022_v1_15s_S15E150_surface"}), ids(etopo->find({151, -29, 152, -28})));
}

TEST_F(EtopoArchiveTest, covers_the_world_and_its_antimeridian_without_a_request) {
  const auto etopo = archive("etopo_2022");
  EXPECT_EQ(288U, etopo->find({-180, -90, 180, 90}).size());
  EXPECT_EQ((Names{"ETOPO_2022_v1_15s_N15E165_surface", "ETOPO_2022_v1_15s_N15W180_surface"}),
            ids(etopo->find({179.5, 10, -179.5, 11})));
  EXPECT_TRUE(http_->calls().empty());
}

TEST_F(EtopoArchiveTest, states_where_a_tile_is_and_what_its_heights_count_from) {
  const Asset tile = archive("etopo_2022")->find({-70, 42, -70, 42}).at(0).asset;
  EXPECT_EQ(
      "https://www.ngdc.noaa.gov/mgg/global/relief/ETOPO2022/data/15s/15s_surface_elev_gtif/"
      "ETOPO_2022_v1_15s_N45W075_surface.tif",
      tile.url);
  EXPECT_EQ(Asset::Access::kStream, tile.access);
  EXPECT_EQ(-75, tile.box.west);
  EXPECT_EQ(30, tile.box.south);
  EXPECT_EQ("EPSG:3855", tile.heights.crs);
  EXPECT_EQ("survey:ETOPO 2022 v1 15s surface", tile.record.key);
  EXPECT_EQ("2022_v1", tile.revision);
}

}  // namespace
}  // namespace topobathy
