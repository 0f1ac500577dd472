// /elevation and /source_info: the pixel that holds a position, as GDAL and `explain` have it.
#include "service/service_test.h"
#include "utils/find_pixel.h"

namespace topobathy {
namespace {

using nlohmann::json;
using testing_support::same_bits;
using testing_support::ServiceTest;

std::string decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.17g", value);
  return text;
}

float value_of(const json& value) {
  return value.is_null() ? kNoValue : value.get<float>();
}

class PointAnswersTest : public ServiceTest {
 protected:
  json at(const char* pattern, double lon, double lat, Query query = {}) {
    query["lon"] = decimal(lon);
    query["lat"] = decimal(lat);
    return get_json(pattern, query);
  }
  /// The world in pixels of 0.2 degrees, which say the row and column of their degree.
  std::string world() {
    testing_support::SmallRaster raster;
    raster.left = -180, raster.top = 90, raster.pixel = 1;
    raster.width = 360, raster.height = 180;
    raster.value = [](int c, int r) { return 1000.0 * r + c; };
    write_raster(path("world.tif"), raster);
    return policy("crs: EPSG:4326\nresolution: 22264\nextent: [-180, -90, 180, 90]\n",
                  "  - {provider: raster, path: world.tif, resampling: nearest}\n");
  }
};

TEST_F(PointAnswersTest, each_pixel_of_the_policys_own_grid) {
  const std::string policy = tile_policy();
  serve(policy);
  const auto raster = open(policy);
  const LayerPlanes planes = direct(*raster, raster->extent());
  int valid = 0, invalid = 0;
  for (std::int64_t row = 5; row < planes.window.height; row += 97)
    for (std::int64_t col = 3; col < planes.window.width; col += 83) {
      const double lon = raster->lattice().centre_x(planes.window.col + col);
      const double lat = raster->lattice().centre_y(planes.window.row + row);
      const json answer = at("/elevation", lon, lat);
      const SourceId id = planes.source.at(col, row);
      EXPECT_TRUE(same_bits(value_of(answer.at("elevation")), planes.elevation.at(col, row)));
      EXPECT_TRUE(same_bits(value_of(answer.at("uncertainty")), planes.uncertainty.at(col, row)));
      EXPECT_EQ(answer.at("source_id"), id == kNoSource ? json() : json(id));
      EXPECT_NEAR(answer.at("pixel").at("lon").get<double>(), lon, 1e-9);
      EXPECT_EQ(answer.at("unit"), "meters");
      ++(id == kNoSource ? invalid : valid);
    }
  EXPECT_GT(valid, 20);
  const json hole = at("/elevation", 10.0475, 50.049);
  EXPECT_TRUE(hole.at("elevation").is_null());
  EXPECT_TRUE(hole.at("source").is_null());
  EXPECT_EQ(hole.at("pixel").at("inside_extent"), true);
}

TEST_F(PointAnswersTest, a_pixel_holds_its_west_and_north_edge) {
  serve(world());
  EXPECT_EQ(at("/elevation", 10.0, 50.0).at("elevation"), 40190);
  EXPECT_EQ(at("/elevation", 10.0 - 1e-9, 50.0).at("elevation"), 40189);
  EXPECT_EQ(at("/elevation", 10.0, 50.0 + 1e-9).at("elevation"), 39190);
  EXPECT_EQ(at("/elevation", 10.999999, 49.000001).at("elevation"), 40190);
}

TEST_F(PointAnswersTest, the_antimeridian_and_the_poles) {
  serve(world());
  EXPECT_EQ(at("/elevation", 180.0, 0.5).at("elevation"), 89000);
  EXPECT_EQ(at("/elevation", -180.0, 0.5).at("elevation"), 89000);
  EXPECT_EQ(at("/elevation", 179.5, 0.5).at("elevation"), 89359);
  EXPECT_EQ(at("/elevation", -180.5, 0.5).at("elevation"), 89359);
  EXPECT_EQ(at("/elevation", 370.5, 0.5).at("elevation"), 89190);
  EXPECT_EQ(at("/elevation", 0.5, 90.0).at("elevation"), 180);
  EXPECT_EQ(at("/elevation", 0.5, -90.0).at("elevation"), 179180);
}

TEST_F(PointAnswersTest, the_zoom_chooses_the_pixels_of_tiles) {
  const std::string policy = tile_policy();
  serve(policy);
  for (const int zoom : {9, 11, 13}) {
    const auto raster = open_zoom(policy, zoom);
    const FoundPixel place = find_pixel(*raster, 0, 10.021, 50.037);
    const LayerPlanes one = direct(*raster, {place.col, place.row, 1, 1});
    const json answer = at("/elevation", 10.021, 50.037, {{"zoom", std::to_string(zoom)}});
    EXPECT_TRUE(same_bits(value_of(answer.at("elevation")), one.elevation.at(0, 0))) << zoom;
    EXPECT_FALSE(answer.at("elevation").is_null());
    EXPECT_EQ(answer.at("pixel").at("crs"), "EPSG:3857");
  }
}

TEST_F(PointAnswersTest, beside_the_extent_and_the_map_there_is_nothing) {
  serve(tile_policy());
  for (const Query& query : {Query{}, Query{{"zoom", "11"}}})
    for (const LonLat place : {LonLat{10.5, 50.05}, LonLat{10.05, 90.0}, LonLat{10.05, -90.0}})
      for (const char* pattern : {"/elevation", "/source_info"}) {
        const json answer = at(pattern, place.lon, place.lat, query);
        EXPECT_TRUE(answer.at("elevation").is_null());
        EXPECT_TRUE(answer.at("source").is_null());
        EXPECT_EQ(answer.at("pixel").at("inside_extent"), false);
      }
}

TEST_F(PointAnswersTest, source_info_tells_who_made_the_pixel_and_with_which_weight) {
  testing_support::SmallRaster upper;
  upper.left = 10.0, upper.top = 50.1, upper.pixel = 0.0005;
  upper.width = upper.height = 60;
  upper.value = [](int, int) { return 9.0; };
  write_raster(path("upper.tif"), upper);
  const std::string policy = tile_policy(
      "  - {provider: raster, name: lower, path: hills.tif}\n"
      "  - {provider: raster, name: upper, path: upper.tif, operation: metric_feather, "
      "blend_distance: 3000}\n");
  serve(policy);
  const json answer = at("/source_info", 10.004, 50.09);
  const auto raster = open(policy);
  const FoundPixel place = find_pixel(*raster, 0, 10.004, 50.09);
  const PixelExplanation pixel = raster->explain(0, place.col, place.row);
  ASSERT_EQ(pixel.contributions.size(), 2U);
  ASSERT_EQ(answer.at("contributions").size(), 2U);
  double weights = 0.0;
  for (std::size_t i = 0; i < 2; ++i) {
    const json& row = answer["contributions"][i];
    EXPECT_EQ(row.at("step"), pixel.contributions[i].step);
    EXPECT_EQ(row.at("weight"), pixel.contributions[i].weight);
    EXPECT_EQ(row.at("id"), pixel.contributions[i].source_id);
    weights += row["weight"].get<double>();
  }
  EXPECT_NEAR(weights, 1.0, 1e-9);
  EXPECT_EQ(answer.at("id"), pixel.source_id);
  EXPECT_EQ(answer.at("source").at("step"), "lower");
  EXPECT_EQ(answer.at("name"), answer.at("source").at("name"));
  EXPECT_EQ(answer.at("elevation"), at("/elevation", 10.004, 50.09).at("elevation"));
  EXPECT_EQ(answer.at("steps").size(), 2U);
  EXPECT_EQ(answer.at("policy"), "test");
  EXPECT_EQ(answer.dump().find(directory().path()), std::string::npos);
}

TEST_F(PointAnswersTest, the_background_and_the_datum_are_named) {
  serve(policy(
      "crs: EPSG:4326\nresolution: 30\nextent: [9.96, 50.0, 10.14, 50.14]\n"
      "vertical_crs: EPSG:5703\n",
      "  - {provider: raster, path: hills.tif, vertical_crs: EPSG:5703}\n", "  background: -3\n"));
  const json answer = at("/source_info", 10.0475, 50.049);
  EXPECT_EQ(answer.at("elevation"), -3);
  EXPECT_EQ(answer.at("name"), "background");
  EXPECT_EQ(answer.at("id"), kBackgroundSource);
  EXPECT_EQ(answer.at("datum"), "EPSG:5703");
  EXPECT_EQ(at("/elevation", 10.0475, 50.049).at("source").at("name"), "background");
  EXPECT_EQ(at("/elevation", 10.01, 50.05).at("datum"), "EPSG:5703");
}

TEST_F(PointAnswersTest, an_incomplete_pixel_says_so) {
  serve(
      tile_policy("  - {provider: raster, path: hills.tif}\n"
                  "  - {provider: raster, name: gone, path: gone.tif, on_error: skip}\n"));
  for (const char* pattern : {"/elevation", "/source_info"}) {
    const ServiceAnswer answer = get(pattern, {{"lon", "10.01"}, {"lat", "50.05"}});
    EXPECT_EQ(header(answer, "Cache-Control"), "no-store");
    EXPECT_EQ(header(answer, "X-Topobathy-Incomplete"), "gone");
    const std::string text = std::get<std::string>(answer.body);
    EXPECT_EQ(json::parse(text).at("incomplete"), "gone");
    EXPECT_FALSE(json::parse(text).at("elevation").is_null());
    EXPECT_EQ(text.find("gone.tif"), std::string::npos) << text;
  }
}

TEST_F(PointAnswersTest, work_that_nobody_waits_for_ends) {
  serve(tile_policy());
  ServiceRequest request;
  request.query = {{"lon", "10.01"}, {"lat", "50.05"}};
  request.gone = [] { return true; };
  EXPECT_THROW(route("/elevation").handler(request), HttpError);
}

TEST_F(PointAnswersTest, bad_positions_are_refused) {
  serve(tile_policy());
  struct Row {
    Query query;
    const char* told;
  };
  const Row rows[] = {
      {{}, "'lat' is missing"},
      {{{"lat", "50"}}, "'lon' is missing"},
      {{{"lat", "90.0001"}, {"lon", "10"}}, "lat=90.0001: give a number from -90 to 90"},
      {{{"lat", "50"}, {"lon", "541"}}, "from -540 to 540"},
      {{{"lat", "nan"}, {"lon", "10"}}, "lat=nan"},
      {{{"lat", "50"}, {"lon", "-inf"}}, "lon=-inf"},
      {{{"lat", "50"}, {"lon", ""}}, "lon=: give"},
      {{{"lat", "50N"}, {"lon", "10"}}, "lat=50N"},
      {{{"lat", "0x32"}, {"lon", "10"}}, "lat=0x32"},
      {{{"lat", "50,05"}, {"lon", "10"}}, "lat=50,05"},
      {{{"lat", "50"}, {"lon", "10"}, {"zoom", "24"}}, "whole number from 0 to 23"},
      {{{"lat", "50"}, {"lon", "10"}, {"zoom", "-1"}}, "whole number from 0 to 23"},
      {{{"lat", "50"}, {"lon", "10"}, {"zoom", "3.0"}}, "whole number"},
      {{{"lat", "50"}, {"long", "10"}}, "did you mean 'lon'?"},
      {{{"latitude", "50"}, {"lon", "10"}}, "'latitude' is no parameter"},
  };
  for (const char* pattern : {"/elevation", "/source_info"})
    for (const Row& row : rows) {
      const std::string message = refused(400, pattern, row.query);
      EXPECT_NE(message.find(row.told), std::string::npos) << message;
    }
}

}  // namespace
}  // namespace topobathy
