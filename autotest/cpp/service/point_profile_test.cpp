// /profile: pixels and distances along a line.
#include <proj.h>

#include "service/service_test.h"
#include "utils/find_pixel.h"
#include "utils/serve/points/profile_line.h"
#include "utils/serve/points/sample_points.h"

namespace topobathy {
namespace {

using nlohmann::json;
using testing_support::same_bits;
using testing_support::ServiceTest;

constexpr char kProfile[] = "/profile";

float height_of(const json& value) {
  return value.is_null() ? kNoValue : value.get<float>();
}

/// Metres between two positions by PROJ's other interface.
double metres_between(double lon1, double lat1, double lon2, double lat2) {
  PJ* const earth = proj_create(PJ_DEFAULT_CTX, "+proj=longlat +ellps=WGS84");
  const double metres = proj_lp_dist(earth, proj_coord(proj_torad(lon1), proj_torad(lat1), 0, 0),
                                     proj_coord(proj_torad(lon2), proj_torad(lat2), 0, 0));
  proj_destroy(earth);
  return metres;
}

class PointProfileTest : public ServiceTest {};

TEST_F(PointProfileTest, each_point_has_the_pixel_that_a_direct_read_has) {
  const std::string policy = tile_policy();
  serve(policy);
  for (const int zoom : {-1, 11, 13}) {
    Query query = {{"line", "9.97,50.13;10.05,50.05;10.2,50.07"}, {"points", "301"}};
    if (zoom >= 0) query["zoom"] = std::to_string(zoom);
    const json profile = get_json(kProfile, query);
    const auto raster = zoom < 0 ? open(policy) : open_zoom(policy, zoom);
    int valid = 0, invalid = 0;
    std::set<SourceId> used;
    for (std::size_t i = 0; i < 301; ++i) {
      const FoundPixel place =
          find_pixel(*raster, 0, profile.at("lon").at(i), profile.at("lat").at(i));
      const LayerPlanes one = direct(*raster, {place.col, place.row, 1, 1});
      EXPECT_TRUE(same_bits(height_of(profile.at("elevation").at(i)), one.elevation.at(0, 0)));
      EXPECT_TRUE(same_bits(height_of(profile.at("uncertainty").at(i)), one.uncertainty.at(0, 0)));
      const SourceId id = one.source.at(0, 0);
      EXPECT_EQ(profile.at("source_id").at(i), id == kNoSource ? json() : json(id));
      if (id != kNoSource) used.insert(id);
      ++(id == kNoSource ? invalid : valid);
    }
    EXPECT_GT(valid, 100) << zoom;
    EXPECT_GT(invalid, 50) << "the hole, and beside the extent";
    ASSERT_EQ(profile.at("sources").size(), used.size());
    for (const json& row : profile.at("sources"))
      EXPECT_EQ(used.count(row.at("id")), 1U);
  }
}

TEST_F(PointProfileTest, distances_are_metres_along_the_geodesic) {
  serve(tile_policy());
  const json profile =
      get_json(kProfile, {{"line", "10,50;10.1,50.05;10.05,50.1"}, {"points", "11"}});
  const double first = metres_between(10, 50, 10.1, 50.05);
  const double second = metres_between(10.1, 50.05, 10.05, 50.1);
  EXPECT_NEAR(profile.at("length").get<double>(), first + second, 1e-6);
  EXPECT_NEAR(profile.at("vertices").at(1).get<double>(), first, 1e-6);
  EXPECT_EQ(profile.at("vertices").at(0), 0.0);
  for (std::size_t i = 0; i < 11; ++i)
    EXPECT_NEAR(profile.at("distance").at(i).get<double>(),
                (first + second) * static_cast<double>(i) / 10.0, 1e-6);
  EXPECT_EQ(profile.at("lon").at(0), 10.0);
  EXPECT_EQ(profile.at("lat").at(10), 50.1);
}

TEST(ProfileLineTest, points_lie_on_the_line_evenly) {
  const ProfileLine line({{0, 0}, {0, 10}, {20, 10}, {20, 10}, {-170, 80}});
  const auto points = line.points(1000);
  ASSERT_EQ(points.size(), 1000U);
  for (std::size_t i = 1; i < points.size(); ++i) {
    EXPECT_NEAR(points[i].distance - points[i - 1].distance, line.length() / 999, 1e-6);
    // A chord is no longer than its arc, and at vertices alone shorter.
    EXPECT_LE(metres_between(points[i - 1].position.lon, points[i - 1].position.lat,
                             points[i].position.lon, points[i].position.lat),
              line.length() / 999 + 1e-6);
  }
}

TEST(ProfileLineTest, the_shortest_way_crosses_the_antimeridian_and_the_pole) {
  for (const double east : {-179.0, 181.0}) {
    const ProfileLine line({{179, 10}, {east, 10}});
    EXPECT_NEAR(line.length(), metres_between(179, 10, -179, 10), 1e-6);
    const auto middle = line.points(3)[1];
    EXPECT_NEAR(std::fabs(middle.position.lon), 180.0, 1e-9);
  }
  const ProfileLine over({{30, 80}, {-150, 80}});
  EXPECT_NEAR(over.points(3)[1].position.lat, 90.0, 1e-9);
  EXPECT_NEAR(over.length(), metres_between(30, 80, -150, 80), 1e-6);
}

TEST_F(PointProfileTest, a_line_over_pole_and_antimeridian_is_read_where_it_lies) {
  testing_support::SmallRaster raster;
  raster.left = -180, raster.top = 90, raster.pixel = 1;
  raster.width = 360, raster.height = 180;
  raster.value = [](int c, int r) { return 1000.0 * r + c; };
  write_raster(path("world.tif"), raster);
  serve(policy("crs: EPSG:4326\nresolution: 22264\nextent: [-180, -90, 180, 90]\n",
               "  - {provider: raster, path: world.tif, resampling: nearest}\n"));
  const json across = get_json(kProfile, {{"line", "179.5,0.25;-179.5,0.25"}, {"points", "3"}});
  EXPECT_EQ(across.at("elevation"), (json{89359, 89000, 89000}));
  const json polar = get_json(kProfile, {{"line", "30.5,88.5;-149.5,88.5"}, {"points", "4"}});
  EXPECT_EQ(polar.at("elevation"), (json{1210, 210, 30, 1030}));
  const json mercator =
      get_json(kProfile, {{"line", "30.5,84;-149.5,84"}, {"points", "13"}, {"zoom", "1"}});
  EXPECT_FALSE(mercator.at("elevation").at(0).is_null());
  EXPECT_TRUE(mercator.at("elevation").at(6).is_null()) << "web tiles have no pole";
}

TEST_F(PointProfileTest, points_of_one_cell_are_read_at_once) {
  const std::string policy = tile_policy();
  const auto raster = open(policy);
  std::vector<LonLat> positions;
  for (int i = 0; i < 500; ++i)
    positions.push_back({10.001 + 0.00009 * i, 50.001 + 0.00009 * i});
  std::set<std::pair<std::int64_t, std::int64_t>> cells;
  for (const FoundPixel& at : find_pixels(*raster, 0, positions)) {
    const CellIndex cell = raster->lattice().cell_of(at.col, at.row);
    cells.emplace(cell.col, cell.row);
  }
  const auto never = [] { return false; };
  sample_points(*raster, 0, positions, cells.size(), never);
  EXPECT_EQ(raster->counters().cells_fused, static_cast<std::int64_t>(cells.size()));
  EXPECT_THROW(sample_points(*raster, 0, positions, cells.size() - 1, never), HttpError);
}

TEST_F(PointProfileTest, bad_lines_are_refused) {
  ServiceSettings few = settings(tile_policy());
  few.limits.profile_points = 50;
  serve(few);
  struct Row {
    int status;
    Query query;
    const char* told;
  };
  std::string many = "0,0";
  for (int i = 1; i <= 50; ++i)
    many += ";0," + std::to_string(i);
  const Row rows[] = {
      {400, {}, "'line' is missing"},
      {400, {{"line", ""}}, "line=: give"},
      {400, {{"line", "10,50"}}, "at least two vertices"},
      {400, {{"line", "10,50;10,50"}}, "all its vertices are one place"},
      {400, {{"line", "10,50;10"}}, "vertex 2 is no LON,LAT"},
      {400, {{"line", "10,50;10,51;"}}, "vertex 3 is no LON,LAT"},
      {400, {{"line", "10,50;10,51,3"}}, "vertex 2"},
      {400, {{"line", "10,50;10,nan"}}, "vertex 2"},
      {400, {{"line", "10,50;inf,51"}}, "vertex 2"},
      {400, {{"line", "10,91;10,51"}}, "vertex 1"},
      {400, {{"line", "10 50;10 51"}}, "vertex 1"},
      {400, {{"line", "10,50;10,51"}, {"points", "1"}}, "whole number from 2 to 50"},
      {400, {{"line", "10,50;10,51"}, {"points", "51"}}, "whole number from 2 to 50"},
      {400, {{"line", "10,50;10,51"}, {"samples", "5"}}, "'samples' is no parameter"},
      {422, {{"line", many}}, "51 vertices; this server takes at most 50"},
  };
  for (const Row& row : rows) {
    const std::string message = refused(row.status, kProfile, row.query);
    EXPECT_NE(message.find(row.told), std::string::npos) << message;
  }
  EXPECT_EQ(get_json(kProfile, {{"line", "10,50;10,51"}}).at("lon").size(), 50U);
}

}  // namespace
}  // namespace topobathy
