// /tilejson.json and /legend: what a map needs to show tiles.
#include "driver/source_colour.h"
#include "service/service_test.h"
#include "utils/serve/tiles/attribution.h"
#include "utils/serve/tiles/public_address.h"
#include "utils/source_row.h"

namespace topobathy {
namespace {

using nlohmann::json;
using testing_support::ServiceTest;

class TileMapsTest : public ServiceTest {
 protected:
  std::string template_of(const Query& query) {
    return get_json("/tilejson.json", query).at("tiles").at(0);
  }
};

TEST_F(TileMapsTest, tilejson_has_the_extent_and_the_zooms_of_the_policy) {
  serve(tile_policy());
  const json map = get_json("/tilejson.json", {});
  EXPECT_EQ(map.at("tilejson"), "3.0.0");
  EXPECT_EQ(map.at("name"), "test");
  // Snapped outward to whole pixels of the coarsest overview.
  EXPECT_NEAR(map.at("bounds").at(0), 9.96, 0.01);
  EXPECT_NEAR(map.at("bounds").at(1), 50.0, 0.01);
  EXPECT_NEAR(map.at("bounds").at(2), 10.14, 0.01);
  EXPECT_NEAR(map.at("bounds").at(3), 50.14, 0.01);
  // At 50 N pixels of zoom 11 are 49 m, those of zoom 12 are 24.6 m.
  EXPECT_EQ(map.at("maxzoom"), 12);
  EXPECT_EQ(get_json("/tilejson.json", {{"tile_size", "512"}}).at("maxzoom"), 11);
  // 0.22 degrees of height in Mercator are a quarter of a tile of 0.7 degrees: zoom 8.
  EXPECT_EQ(map.at("minzoom"), 8);
  EXPECT_NEAR(map.at("center").at(0), 10.05, 0.01);
  EXPECT_EQ(map.at("center").at(2), 9);
}

TEST_F(TileMapsTest, the_zoom_of_a_policy_is_the_last) {
  serve(policy("crs: EPSG:3857\nzoom: 10\nextent: [9.96, 50.0, 10.14, 50.14]\n",
               "  - {provider: raster, path: hills.tif}\n"));
  EXPECT_EQ(get_json("/tilejson.json", {}).at("maxzoom"), 10);
}

TEST_F(TileMapsTest, a_policy_over_the_antimeridian_has_bounds_that_do_not_turn_round) {
  serve(policy("crs: EPSG:4326\nresolution: 1000\nextent: [178, -1, -178, 1]\n",
               "  - {provider: raster, path: hills.tif}\n"));
  const json map = get_json("/tilejson.json", {});
  EXPECT_EQ(map.at("bounds").at(0), -180);
  EXPECT_EQ(map.at("bounds").at(2), 180);
  EXPECT_NEAR(std::fabs(map.at("center").at(0).get<double>()), 180.0, 0.5);
}

TEST_F(TileMapsTest, a_policy_of_the_world_ends_where_tiles_end) {
  serve(policy("crs: EPSG:4326\nresolution: 10000\nextent: [-180, -90, 180, 90]\n",
               "  - {provider: raster, path: hills.tif}\n"));
  const json map = get_json("/tilejson.json", {});
  EXPECT_NEAR(map.at("bounds").at(3), 85.0511, 1e-4);
  EXPECT_EQ(map.at("minzoom"), 0);
  EXPECT_EQ(map.at("maxzoom"), 4);
}

TEST_F(TileMapsTest, the_template_repeats_what_was_asked) {
  serve(tile_policy());
  EXPECT_EQ(template_of({}), "/tiles/{z}/{x}/{y}.png");
  EXPECT_EQ(template_of({{"format", "webp"}, {"style", "blues"}, {"vmin", "-50"}}),
            "/tiles/{z}/{x}/{y}.webp?style=blues&vmin=-50");
  EXPECT_EQ(template_of({{"format", "terrarium"}, {"tile_size", "512"}}),
            "/tiles/{z}/{x}/{y}.png?format=terrarium&tile_size=512");
  headers_["host"] = "maps.example.org:9595";
  EXPECT_EQ(template_of({}), "http://maps.example.org:9595/tiles/{z}/{x}/{y}.png");
  EXPECT_EQ(header(get("/tilejson.json", {}), "Vary"), "Host, X-Forwarded-Proto");
  refused(400, "/tilejson.json", {{"format", "jpg"}});
  refused(400, "/tilejson.json", {{"vmin", "3"}, {"vmax", "2"}});
  refused(400, "/tilejson.json", {{"lidar_url", "x"}});
}

TEST(PublicAddressTest, only_a_well_formed_host_is_repeated) {
  const auto address = [](const std::string& host, const std::string& scheme = "") {
    ServiceRequest request;
    request.headers["host"] = host;
    if (!scheme.empty()) request.headers["x-forwarded-proto"] = scheme;
    return public_address(request);
  };
  EXPECT_EQ(public_address({}), "");
  EXPECT_EQ(address("localhost"), "http://localhost");
  EXPECT_EQ(address("127.0.0.1:9595"), "http://127.0.0.1:9595");
  EXPECT_EQ(address("[::1]:80"), "http://[::1]:80");
  EXPECT_EQ(address("a.b", "https"), "https://a.b");
  EXPECT_EQ(address("a.b", "javascript"), "http://a.b");
  for (const char* bad : {"", "a b", "a/b", "a\"b", "a@b", "a:", "a:b", "a:123456", "[::1", "[g]",
                          "[::1]x", "a.b:80/x", "<script>", "a\r\nx: y", ":80", "[]"})
    EXPECT_EQ(address(bad), "") << bad;
  EXPECT_EQ(address(std::string(300, 'a')), "");
}

TEST(AttributionTest, names_each_licence_once_and_lets_no_markup_through) {
  SourceRecord noaa, evil, plain;
  noaa.institution = "NOAA & friends";
  noaa.license_name = "CC0 1.0";
  noaa.license_url = "https://creativecommons.org/publicdomain/zero/1.0/";
  evil.institution = "<img src=x onerror=alert(1)>";
  evil.license_name = "\"'>";
  evil.license_url = "javascript:alert(1)";
  plain.institution = "GEBCO";
  EXPECT_EQ(attribution({{70000, noaa}, {70001, noaa}, {70002, evil}, {70003, plain}, {70004, {}}}),
            "NOAA &amp; friends (<a href=\"https://creativecommons.org/publicdomain/zero/1.0/\" "
            "rel=\"noopener\">CC0 1.0</a>); &lt;img src=x onerror=alert(1)&gt; "
            "(&quot;&#39;&gt;); GEBCO");
}

TEST(SourceRowTest, no_path_is_told) {
  SourceRecord record;
  record.provider = "raster";
  record.key = "file:/srv/secret/a.tif#7";
  record.location = "/srv/secret/a.tif";
  record.link = "/srv/secret/readme.html";
  record.license_url = "file:///srv/secret/licence";
  const json row = source_row(70000, record);
  EXPECT_EQ(row.at("name"), "a.tif#7");
  EXPECT_EQ(row.at("id"), 70000);
  EXPECT_EQ(row.dump().find("secret"), std::string::npos) << row.dump();
  record.survey_id = "H12345";
  record.link = "https://example.org/H12345";
  EXPECT_EQ(source_row(70000, record).at("name"), "H12345");
  EXPECT_EQ(source_row(70000, record).at("link"), "https://example.org/H12345");
}

TEST_F(TileMapsTest, the_legend_names_each_source_topmost_first) {
  testing_support::SmallRaster upper;
  upper.left = 10.0, upper.top = 50.1, upper.pixel = 0.001;
  upper.width = upper.height = 40;
  upper.value = [](int, int) { return 9.0; };
  write_raster(path("upper.tif"), upper);
  serve(
      tile_policy("  - {provider: raster, name: lower, path: hills.tif}\n"
                  "  - {provider: raster, name: upper, path: upper.tif}\n"));
  const json items = get_json("/legend", {}).at("items");
  ASSERT_EQ(items.size(), 3U);
  const char* const names[] = {"upper", "H10001", "H10002"};
  std::set<std::string> told;
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(items[i].at("step"), i == 0 ? "upper" : "lower");
    EXPECT_EQ(items[i].at("priority"), i == 0 ? 1 : 0);
    EXPECT_EQ(items[i].at("colour"), hex_colour(items[i].at("id")));
    EXPECT_EQ(items[i].at("color"), items[i].at("colour"));
    told.insert(items[i].at("name").get<std::string>());
  }
  EXPECT_EQ(told, std::set<std::string>(std::begin(names), std::end(names)));
}

TEST_F(TileMapsTest, the_legend_has_the_colours_of_a_style) {
  serve(tile_policy());
  const json chart = get_json("/legend", {{"vmin", "-80"}, {"vmax", "300"}});
  EXPECT_EQ(chart.at("style"), "chart");
  EXPECT_EQ(chart.at("stops").front().at("metres"), -80);
  EXPECT_EQ(chart.at("stops").back().at("metres"), 300);
  for (std::size_t i = 1; i < chart["stops"].size(); ++i)
    EXPECT_LE(chart["stops"][i - 1].at("metres"), chart["stops"][i].at("metres"));
  EXPECT_NE(chart.at("stops"), get_json("/legend", {{"style", "blues"}}).at("stops"));
  EXPECT_EQ(get_json("/legend", {{"style", "source"}}).at("stops"), json::array());
  const json lines = get_json("/legend", {{"style", "contours"}, {"zoom", "12"}}).at("contours");
  EXPECT_NE(std::find(lines.begin(), lines.end(), json({{"metres", 5.0}, {"major", false}})),
            lines.end());
  refused(400, "/legend", {{"style", "nope"}});
  refused(400, "/legend", {{"vmin", "1"}, {"vmax", "1"}});
}

TEST_F(TileMapsTest, every_parameter_is_told_to_openapi) {
  serve(tile_policy());
  for (const Route& route : routes_) {
    EXPECT_NE(route.doc.summary, "") << route.pattern;
    for (const json& parameter : route.doc.parameters) {
      EXPECT_EQ(parameter.at("in"), "query");
      EXPECT_NE(parameter.at("description"), "");
      EXPECT_TRUE(parameter.at("schema").contains("type"));
      // What is declared is known: its own refusal, not that of an unknown name.
      const Query query = {{parameter.at("name").get<std::string>(), ""}};
      try {
        get(route.pattern, query, parts_of(kMiddle));
        ADD_FAILURE() << route.pattern << " takes an empty " << parameter.at("name");
      } catch (const HttpError& error) {
        EXPECT_EQ(std::string(error.what()).find("is no parameter"), std::string::npos);
      }
    }
  }
}

}  // namespace
}  // namespace topobathy
