// What belongs to a tile: its facts, its pixels, the tiles of a box.
#include "service/service_test.h"
#include "utils/tiles/tile_cover.h"

namespace topobathy {
namespace {

using nlohmann::json;
using testing_support::same_bits;
using testing_support::ServiceTest;

constexpr char kMetadata[] = "/tiles/{z}/{x}/{y}/metadata";
constexpr char kPixel[] = "/tiles/{z}/{x}/{y}/pixel";
constexpr char kCoverage[] = "/tiles/coverage";

std::string degrees(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.17g", value);
  return text;
}

float float_of(const json& value) {
  return value.is_null() ? kNoValue : value.get<float>();
}

class TileCompanionsTest : public ServiceTest {
 protected:
  json pixel_at(const TileAddress& tile, double lon, double lat) {
    return get_json(kPixel, {{"lon", degrees(lon)}, {"lat", degrees(lat)}}, parts_of(tile));
  }
  json coverage(double north, double south, double west, double east, int zoom) {
    return get_json(kCoverage, {{"north", degrees(north)},
                                {"south", degrees(south)},
                                {"west", degrees(west)},
                                {"east", degrees(east)},
                                {"zoom", std::to_string(zoom)}});
  }
};

/// The middle of a tile's pixel.
LonLat middle(const TileAddress& tile, std::int64_t col, std::int64_t row, int side = 256) {
  constexpr double kPi = 3.14159265358979323846;
  const double world = std::ldexp(static_cast<double>(side), tile.z);
  const double x = (static_cast<double>(tile.x * side + col) + 0.5) / world;
  const double y = (static_cast<double>(tile.y * side + row) + 0.5) / world;
  return {x * 360.0 - 180.0, std::atan(std::sinh(kPi * (1.0 - 2.0 * y))) * 180.0 / kPi};
}

TEST_F(TileCompanionsTest, metadata_needs_no_earlier_picture_and_counts_the_tiles_sources) {
  const std::string policy = tile_policy();
  serve(policy);
  const json facts = get_json(kMetadata, {}, parts_of(kMiddle));
  const LayerPlanes planes = direct(*open_zoom(policy, 11), asked().window());
  std::map<SourceId, std::int64_t> counted;
  for (std::int64_t r = 0; r < 256; ++r)
    for (std::int64_t c = 0; c < 256; ++c)
      if (!std::isnan(planes.elevation.at(c, r))) ++counted[planes.source.at(c, r)];
  ASSERT_EQ(facts.at("sources").size(), counted.size());
  ASSERT_EQ(counted.size(), 2U);
  for (const json& row : facts["sources"]) {
    EXPECT_EQ(row.at("pixels"), counted.at(row.at("id")));
    EXPECT_EQ(row.at("name").get<std::string>().substr(0, 5), "H1000");
    EXPECT_EQ(facts.at("provenance_dict").at(std::to_string(row.at("id").get<int>())).at("name"),
              row.at("name"));
    EXPECT_FALSE(row.contains("key"));
    EXPECT_FALSE(row.contains("location"));
  }
  EXPECT_EQ(facts.at("z"), 11);
  EXPECT_EQ(facts.at("x"), 1081);
  EXPECT_EQ(facts.at("y"), 694);
  EXPECT_DOUBLE_EQ(facts.at("bounds").at("west").get<double>(), tile_bounds(kMiddle).west);
  EXPECT_EQ(facts.at("cache_status"), "miss");
  EXPECT_EQ(get_json(kMetadata, {}, parts_of(kMiddle)).at("cache_status"), "hit");
  EXPECT_EQ(facts.dump().find(directory().path()), std::string::npos) << facts.dump();
}

TEST_F(TileCompanionsTest, metadata_of_an_empty_tile_and_of_an_incomplete_one) {
  serve(tile_policy());
  const json nothing = get_json(kMetadata, {{"style", "blues"}}, parts_of(kOutside));
  EXPECT_EQ(nothing.at("valid_pixels"), 0);
  EXPECT_EQ(nothing.at("sources"), json::array());
  EXPECT_EQ(nothing.at("style"), "blues");
  EXPECT_EQ(nothing.at("policy").at("name"), "test");
  serve(
      tile_policy("  - {provider: raster, path: hills.tif}\n"
                  "  - {provider: raster, name: gone, path: gone.tif, on_error: skip}\n"));
  const ServiceAnswer answer = get(kMetadata, {}, parts_of(kMiddle));
  EXPECT_EQ(header(answer, "Cache-Control"), "no-store");
  const json partly = json::parse(std::get<std::string>(answer.body));
  EXPECT_EQ(partly.at("incomplete"), "gone");
  EXPECT_EQ(partly.dump().find("gone.tif"), std::string::npos);
}

TEST_F(TileCompanionsTest, each_pixel_is_that_of_the_tiles_window) {
  const std::string policy = tile_policy();
  serve(policy);
  const LayerPlanes planes = direct(*open_zoom(policy, 11), asked().window());
  int valid = 0, invalid = 0;
  for (std::int64_t row = 3; row < 256; row += 23)
    for (std::int64_t col = 2; col < 256; col += 29) {
      const LonLat at = middle(kMiddle, col, row);
      const json pixel = pixel_at(kMiddle, at.lon, at.lat);
      EXPECT_EQ(pixel.at("pixel"), (json{{"row", row}, {"col", col}}));
      EXPECT_TRUE(same_bits(float_of(pixel.at("elevation")), planes.elevation.at(col, row)));
      EXPECT_TRUE(same_bits(float_of(pixel.at("uncertainty")), planes.uncertainty.at(col, row)));
      const SourceId id = planes.source.at(col, row);
      EXPECT_EQ(pixel.at("source_id"), id == kNoSource ? json() : json(id));
      EXPECT_EQ(pixel.at("source").is_null(), id == kNoSource);
      ++(id == kNoSource ? invalid : valid);
    }
  EXPECT_GT(valid, 20);
  EXPECT_GT(invalid, 5);
}

TEST_F(TileCompanionsTest, a_large_tile_has_the_pixels_of_the_next_zoom) {
  const std::string policy = tile_policy();
  serve(policy);
  TileRequest large = asked({10, 540, 347});
  large.tile_size = 512;
  const LayerPlanes planes = direct(*open_zoom(policy, 11), large.window());
  const LonLat at = middle(large.address, 400, 100, 512);
  const json pixel =
      get_json(kPixel, {{"lon", degrees(at.lon)}, {"lat", degrees(at.lat)}, {"tile_size", "512"}},
               parts_of(large.address));
  EXPECT_EQ(pixel.at("pixel"), (json{{"row", 100}, {"col", 400}}));
  EXPECT_TRUE(same_bits(float_of(pixel.at("elevation")), planes.elevation.at(400, 100)));
  EXPECT_FALSE(pixel.at("elevation").is_null());
}

TEST_F(TileCompanionsTest, a_click_on_the_edge_belongs_to_the_tile_that_is_named) {
  serve(tile_policy());
  const LonLatBox box = tile_bounds(kMiddle);
  EXPECT_EQ(pixel_at(kMiddle, box.west, box.north).at("pixel"), (json{{"row", 0}, {"col", 0}}));
  EXPECT_EQ(pixel_at(kMiddle, box.east, box.south).at("pixel"), (json{{"row", 255}, {"col", 255}}));
  EXPECT_EQ(pixel_at(kMiddle, box.west + 360.0, box.north - 1e-7).at("pixel"),
            (json{{"row", 0}, {"col", 0}}));
  for (const LonLat beside :
       {LonLat{box.west - 1e-6, 50.0}, LonLat{box.east + 1e-6, 50.0}, LonLat{10.1, 89.0}})
    EXPECT_NE(refused(400, kPixel, {{"lon", degrees(beside.lon)}, {"lat", degrees(beside.lat)}},
                      parts_of(kMiddle))
                  .find("outside this tile"),
              std::string::npos);
}

TEST_F(TileCompanionsTest, the_ends_of_the_world_are_ends_of_tiles) {
  serve(policy("crs: EPSG:4326\nresolution: 40000\nextent: [-180, -85, 180, 85]\n",
               "  - {provider: raster, path: hills.tif, background: 7}\n"));
  for (const TileAddress whole : {TileAddress{0, 0, 0}, TileAddress{1, 0, 0}})
    EXPECT_EQ(pixel_at(whole, -180.0, 80.0).at("pixel").at("col"), 0) << whole.z;
  EXPECT_EQ(pixel_at({1, 1, 0}, 180.0, 80.0).at("pixel").at("col"), 255);
  EXPECT_EQ(pixel_at({1, 1, 0}, 180.0, 80.0).at("elevation"), 7);
  EXPECT_EQ(pixel_at({1, 1, 0}, -180.0, 80.0).at("pixel").at("col"), 255);
}

TEST_F(TileCompanionsTest, a_raster_over_the_antimeridian_has_pixels_on_both_sides) {
  testing_support::SmallRaster raster;
  raster.left = 178.0, raster.top = 2.0, raster.pixel = 0.01;
  raster.width = raster.height = 400;
  raster.value = [](int c, int) { return static_cast<double>(c); };
  write_raster(path("pacific.tif"), raster);
  const std::string crossing =
      policy("crs: EPSG:4326\nresolution: 1000\nextent: [178.5, -1, -178.5, 1]\n",
             "  - {provider: raster, path: pacific.tif}\n");
  serve(crossing);
  const TileAddress west{8, 255, 127}, east{8, 0, 127};
  EXPECT_NEAR(pixel_at(west, 179.5, 0.5).at("elevation").get<double>(), 150, 1);
  EXPECT_NEAR(pixel_at(east, -179.5, 0.5).at("elevation").get<double>(), 250, 1);
  EXPECT_NEAR(pixel_at(east, 180.5, 0.5).at("elevation").get<double>(), 250, 1);
}

TEST_F(TileCompanionsTest, coverage_lists_the_tiles_of_a_box) {
  serve(tile_policy());
  const json few = coverage(50.1, 50.0, 10.0, 10.1, 11);
  const TileCover cover = tiles_of_box({10.0, 50.0, 10.1, 50.1}, 11);
  EXPECT_EQ(few.at("count"), cover.count());
  EXPECT_EQ(few.at("listed"), true);
  ASSERT_EQ(few.at("tiles").size(), static_cast<std::size_t>(cover.count()));
  for (std::int64_t i = 0; i < cover.count(); ++i) {
    const json& tile = few["tiles"][static_cast<std::size_t>(i)];
    EXPECT_EQ(tile.at("x"), cover.at(i).x);
    EXPECT_EQ(tile.at("y"), cover.at(i).y);
    EXPECT_EQ(tile.at("bounds").at("north"), tile_bounds(cover.at(i)).north);
  }
  EXPECT_EQ(few.at("limits").at("x_min"), cover.at(0).x);
}

TEST_F(TileCompanionsTest, coverage_counts_what_it_does_not_list) {
  ServiceSettings few = settings(tile_policy());
  few.limits.coverage_tiles = 4;
  serve(few);
  EXPECT_EQ(coverage(85, -85, -180, 180, 1).at("tiles").size(), 4U);
  const json many = coverage(90, -90, -180, 180, 22);
  EXPECT_EQ(many.at("count"), std::int64_t{1} << 44);
  EXPECT_EQ(many.at("listed"), false);
  EXPECT_EQ(many.at("tiles"), json::array());
  const json crossing = coverage(1, -1, 179, -179, 8);
  EXPECT_EQ(crossing.at("limits").at("x_min"), 255);
  EXPECT_EQ(crossing.at("limits").at("x_max"), 0);
  EXPECT_EQ(coverage(89, 88, 0, 1, 3).at("count"), 0);
}

TEST_F(TileCompanionsTest, bad_questions_are_refused) {
  serve(tile_policy());
  struct Row {
    const char* pattern;
    Query query;
    const char* told;
  };
  const Row rows[] = {
      {kPixel, {}, "'lat' is missing"},
      {kPixel, {{"lat", "50"}}, "'lon' is missing"},
      {kPixel, {{"lat", "91"}, {"lon", "10"}}, "lat=91: give a number from -90 to 90"},
      {kPixel, {{"lat", "nan"}, {"lon", "10"}}, "lat=nan"},
      {kPixel, {{"lat", "50"}, {"lon", "10"}, {"zoom", "3"}}, "'zoom' is no parameter"},
      {kMetadata, {{"lat", "50"}}, "'lat' is no parameter"},
      {kCoverage, {{"north", "1"}}, "is missing"},
      {kCoverage,
       {{"north", "1"}, {"south", "2"}, {"west", "1"}, {"east", "2"}, {"zoom", "3"}},
       "south lies north"},
      {kCoverage,
       {{"north", "2"}, {"south", "1"}, {"west", "1"}, {"east", "2"}, {"zoom", "3.5"}},
       "zoom=3.5: give a whole number from 0 to 22"},
      {kCoverage,
       {{"north", "2"}, {"south", "1"}, {"west", "inf"}, {"east", "2"}, {"zoom", "3"}},
       "west=inf"},
  };
  for (const Row& row : rows) {
    const std::string message = refused(400, row.pattern, row.query, parts_of(kMiddle));
    EXPECT_NE(message.find(row.told), std::string::npos) << message;
  }
}

}  // namespace
}  // namespace topobathy
