// GET /tiles/{z}/{x}/{y}: what is handed out is what the maker draws.
#include <sstream>

#include "service/service_test.h"
#include "utils/remote/tiles_on_server.h"

namespace topobathy {
namespace {

using testing_support::kAllStyles;
using testing_support::ServiceTest;

constexpr char kTile[] = "/tiles/{z}/{x}/{y}";

class TileAnswersTest : public ServiceTest {
 protected:
  Bytes drawn(const std::string& policy, const TileRequest& request) {
    TileMaker maker(setup(policy, CacheMode::kOff));
    return maker.get(request)->content;
  }
};

TEST_F(TileAnswersTest, every_format_by_extension_and_by_name_has_the_bytes_of_the_maker) {
  const std::string policy = tile_policy();
  serve(policy);
  struct Row {
    const char* end;
    Query query;
    TileFormat format;
    const char* type;
  };
  const Row rows[] = {
      {"", {}, TileFormat::kPng, "image/png"},
      {".png", {}, TileFormat::kPng, "image/png"},
      {"", {{"format", "png"}}, TileFormat::kPng, "image/png"},
      {".webp", {}, TileFormat::kWebp, "image/webp"},
      {".png", {{"format", "terrarium"}}, TileFormat::kTerrarium, "image/png"},
      {"", {{"format", "terrain-rgb"}}, TileFormat::kTerrainRgb, "image/png"},
      {".npy", {}, TileFormat::kNpy, "application/octet-stream"},
      {".npz", {{"format", "npz"}}, TileFormat::kNpz, "application/zip"},
      {".tif", {}, TileFormat::kTif, "image/tiff"},
      {"", {{"format", "tiff"}}, TileFormat::kTif, "image/tiff"},
      {".tif", {{"format", "tiff"}}, TileFormat::kTif, "image/tiff"},
  };
  for (const Row& row : rows) {
    const ServiceAnswer answer = get(kTile, row.query, parts_of(kMiddle, row.end));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.type, row.type);
    EXPECT_EQ(header(answer, "Cache-Control"), "no-cache");
    EXPECT_EQ(body_of(answer), drawn(policy, asked(kMiddle, TileStyle::kChart, row.format)))
        << row.end << to_text(row.format);
  }
}

TEST_F(TileAnswersTest, styles_limits_and_sizes_reach_the_maker) {
  const std::string policy = tile_policy();
  serve(policy);
  for (const TileStyle style : kAllStyles)
    EXPECT_EQ(body_of(get(kTile, {{"style", to_text(style)}}, parts_of(kMiddle))),
              drawn(policy, asked(kMiddle, style)))
        << to_text(style);
  EXPECT_EQ(body_of(get(kTile, {{"style", "default"}}, parts_of(kMiddle))),
            drawn(policy, asked(kMiddle)));
  TileRequest request = asked(kMiddle, TileStyle::kBlues);
  request.tile_size = 512;
  request.vmin = -75.5;
  request.vmax = 2e2;
  EXPECT_EQ(
      body_of(get(kTile,
                  {{"style", "blues"}, {"tile_size", "512"}, {"vmin", "-75.5"}, {"vmax", "2e2"}},
                  parts_of(kMiddle))),
      drawn(policy, request));
}

/// "/tiles/11/1081/694.png?style=blues" as a server takes it apart.
ServiceRequest taken_apart(const std::string& target) {
  ServiceRequest request;
  std::istringstream path(target.substr(0, target.find('?')));
  std::string part;
  while (std::getline(path, part, '/'))
    if (!part.empty() && part != "tiles") request.parts.push_back(part);
  if (target.find('?') == std::string::npos) return request;
  std::istringstream query(target.substr(target.find('?') + 1));
  while (std::getline(query, part, '&'))
    request.query[part.substr(0, part.find('='))] = part.substr(part.find('=') + 1);
  return request;
}

TEST_F(TileAnswersTest, the_programs_own_client_gets_what_it_asks_for) {
  const std::string policy = tile_policy();
  serve(policy);
  std::vector<TileRequest> requests;
  for (const std::string& format : tile_format_names())
    requests.push_back(asked(kMiddle, TileStyle::kChart, tile_format(format)));
  for (const TileStyle style : kAllStyles)
    requests.push_back(asked(kMiddle, style, TileFormat::kWebp));
  requests.push_back(asked());
  requests.back().tile_size = 512;
  requests.back().vmin = -1234.5678;
  requests.back().vmax = 1e-3;
  for (const TileRequest& request : requests) {
    const std::string target = tile_path(request);
    const ServiceAnswer answer = route(kTile).handler(taken_apart(target));
    EXPECT_EQ(body_of(answer), drawn(policy, request)) << target;
  }
}

TEST_F(TileAnswersTest, what_other_clients_send_is_accepted_and_changes_nothing) {
  serve(tile_policy());
  const ServiceAnswer plain = get(kTile, {}, parts_of(kMiddle));
  const ServiceAnswer more = get(kTile,
                                 {{"nocache", "true"},
                                  {"lidar_url", "https://example.org/a.laz"},
                                  {"ept_url", "file:///etc/passwd"},
                                  {"use_seam_blending", "1"}},
                                 parts_of(kMiddle));
  EXPECT_EQ(body_of(plain), body_of(more));
  EXPECT_EQ(header(plain, "ETag"), header(more, "ETag"));
}

TEST_F(TileAnswersTest, the_etag_is_of_the_content) {
  const std::string policy = tile_policy();
  serve(policy);
  const std::string first = header(get(kTile, {}, parts_of(kMiddle)), "ETag");
  EXPECT_EQ(first.size(), 34U) << first;
  EXPECT_EQ(first.front(), '"');
  EXPECT_EQ(first.back(), '"');
  EXPECT_EQ(header(get(kTile, {}, parts_of(kMiddle)), "ETag"), first);
  serve(policy);
  EXPECT_EQ(header(get(kTile, {}, parts_of(kMiddle)), "ETag"), first);
  EXPECT_NE(header(get(kTile, {{"style", "blues"}}, parts_of(kMiddle)), "ETag"), first);
  write_hills("hills.tif", 30.0);
  const ServiceAnswer changed = get(kTile, {}, parts_of(kMiddle));
  EXPECT_NE(header(changed, "ETag"), first);
  EXPECT_EQ(body_of(changed), drawn(policy, asked()));
}

TEST_F(TileAnswersTest, an_empty_tile_is_204_without_content) {
  serve(tile_policy());
  const ServiceAnswer answer = get(kTile, {}, parts_of(kOutside));
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.type, "");
  EXPECT_EQ(std::get<std::string>(answer.body), "");
  EXPECT_EQ(header(answer, "ETag"), "");
}

TEST_F(TileAnswersTest, an_incomplete_tile_is_not_to_be_kept_and_names_the_step) {
  serve(
      tile_policy("  - {provider: raster, path: hills.tif}\n"
                  "  - {provider: raster, name: n\xC3\xA4her, path: gone.tif, on_error: skip}\n"));
  const ServiceAnswer answer = get(kTile, {}, parts_of(kMiddle));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(header(answer, "Cache-Control"), "no-store");
  EXPECT_EQ(header(answer, "X-Topobathy-Incomplete"), "n??her");
  serve(tile_policy("  - {provider: raster, name: gone, path: gone.tif, on_error: skip}\n"));
  const ServiceAnswer nothing = get(kTile, {}, parts_of(kMiddle));
  EXPECT_EQ(nothing.status, 204);
  EXPECT_EQ(header(nothing, "Cache-Control"), "no-store");
  EXPECT_EQ(header(nothing, "X-Topobathy-Incomplete"), "gone");
}

TEST_F(TileAnswersTest, a_tile_is_at_hand_once_it_was_drawn_and_while_it_holds) {
  serve(tile_policy());
  ServiceRequest request;
  request.parts = parts_of(kMiddle);
  const Route& tile = route(kTile);
  EXPECT_EQ(tile.cost, Cost::kHeavy);
  EXPECT_FALSE(tile.at_hand(request));
  const ServiceAnswer drawn = tile.handler(request);
  const auto kept = tile.at_hand(request);
  ASSERT_TRUE(kept);
  EXPECT_EQ(body_of(*kept), body_of(drawn));
  EXPECT_EQ(kept->headers, drawn.headers);
  write_hills("hills.tif", 30.0);
  EXPECT_FALSE(tile.at_hand(request));
}

TEST_F(TileAnswersTest, a_source_that_cannot_be_read_is_told_without_its_path) {
  serve(tile_policy("  - {provider: raster, name: lost, path: gone.tif}\n"));
  const std::string message = refused(502, kTile, {}, parts_of(kMiddle));
  EXPECT_NE(message.find("'lost'"), std::string::npos) << message;
  EXPECT_EQ(message.find("gone.tif"), std::string::npos) << message;
}

TEST_F(TileAnswersTest, a_broken_policy_is_told_by_its_place) {
  const std::string policy = tile_policy();
  serve(policy);
  get(kTile, {}, parts_of(kMiddle));
  std::ofstream(policy) << "name: test\nvariables: 7\n";
  EXPECT_NE(refused(503, kTile, {}, parts_of(kMiddle)).find("line 2"), std::string::npos);
  tile_policy();
  EXPECT_EQ(get(kTile, {}, parts_of(kMiddle)).status, 200);
}

struct BadTile {
  std::vector<std::string> parts;
  std::map<std::string, std::string> query;
  const char* told;
};

TEST_F(TileAnswersTest, what_is_no_tile_is_refused) {
  serve(tile_policy());
  const BadTile rows[] = {
      {{"23", "0", "0"}, {}, "tiles have a zoom from 0 to 22"},
      {{"-1", "0", "0"}, {}, "'-1' is no zoom of a tile"},
      {{"11", "2048", "0"}, {}, "go from 0 to 2047"},
      {{"11", "1081", "2048"}, {}, "go from 0 to 2047"},
      {{"11", "1081", "99999999999999999999"}, {}, "is no row"},
      {{"11", "01081", "694"}, {}, "'01081' is no column"},
      {{"11", "+1081", "694"}, {}, "'+1081' is no column"},
      {{"11", " 1081", "694"}, {}, "is no column"},
      {{"11", "1081x", "694"}, {}, "is no column"},
      {{"1e1", "1081", "694"}, {}, "is no zoom"},
      {{"11", "1081", "694."}, {}, "is no kind of tile"},
      {{"11", "1081", ".png"}, {}, "'' is no row"},
      {{"11", "1081", "694.jpg"}, {}, "'.jpg' is no kind of tile"},
      {{"11", "1081", "694.terrarium"}, {}, "is no kind of tile"},
      {{"11", "1081", "694.png.npy"}, {}, "is no kind of tile"},
      {{"11", "1081", "../../x"}, {}, "is no row"},
      {{"11", "1081", "694.npy"}, {{"format", "png"}}, "the address ends in .npy"},
      {{"11", "1081", "694.webp"}, {{"format", "terrarium"}}, "another kind of file"},
      {{"11", "1081", "694"}, {{"format", "jpg"}}, "format=jpg"},
      {{"11", "1081", "694"}, {{"format", ""}}, "format="},
      {{"11", "1081", "694"}, {{"style", "charts"}}, "did you mean 'chart'?"},
      {{"11", "1081", "694"}, {{"tile_size", "128"}}, "one of 256, 512"},
      {{"11", "1081", "694"}, {{"tile_size", "0256"}}, "one of 256, 512"},
      {{"11", "1081", "694"}, {{"vmin", "nan"}}, "vmin=nan: give a number"},
      {{"11", "1081", "694"}, {{"vmin", "-inf"}}, "vmin=-inf: give a number"},
      {{"11", "1081", "694"}, {{"vmax", "1e999"}}, "give a number"},
      {{"11", "1081", "694"}, {{"vmax", "12m"}}, "give a number"},
      {{"11", "1081", "694"}, {{"vmin", "5"}, {"vmax", "5"}}, "vmin must be below vmax"},
      {{"11", "1081", "694"}, {{"stile", "blues"}}, "did you mean 'style'?"},
      {{"11", "1081", "694"}, {{"nocache", "maybe"}}, "true or false"},
      {{"11", "1081", "694"}, {{"policy", "../p"}}, "letters, digits, '-' and '_'"},
  };
  for (const BadTile& row : rows) {
    const std::string message = refused(400, kTile, row.query, row.parts);
    EXPECT_NE(message.find(row.told), std::string::npos) << message << "\nfor: " << row.told;
  }
}

}  // namespace
}  // namespace topobathy
