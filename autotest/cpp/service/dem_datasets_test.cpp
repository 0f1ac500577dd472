#include <gmock/gmock.h>

#include <cstring>

#include "service/area_test.h"
#include "utils/serve/dem/dem_handlers.h"
#include "utils/serve/dem/dem_window.h"
#include "utils/serve/dem_routes.h"

namespace topobathy::testing_support {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class DemDatasetsTest : public AreaTest {
 protected:
  using Query = std::map<std::string, std::string>;

  /// Fuses what a box touches into the cache.
  void fill(const LonLatBox& box, std::optional<double> resolution = {}) {
    OpenRequest request = settings_.policy;
    request.bbox = box;
    request.resolution = resolution;
    (void)read_all(*open_policy(request));
  }
  CellCatalogue& catalogue() { return catalogue_; }
  json list() { return json_of(list_dem(catalogue_, {})); }
  static ServiceRequest of(const std::string& id, const Query& query = {}) {
    ServiceRequest request = get(query);
    request.parts = {id};
    return request;
  }
  std::string only_id() {
    const json rows = list();
    EXPECT_EQ(rows.size(), 1U);
    return rows[0]["id"];
  }
  template <class T>
  static std::vector<T> values(const ServiceAnswer& answer) {
    const auto& bytes = *std::get<std::shared_ptr<const Bytes>>(answer.body);
    std::vector<T> all(bytes.size() / sizeof(T));
    std::memcpy(all.data(), bytes.data(), bytes.size());
    return all;
  }
  static std::string header(const ServiceAnswer& answer, const std::string& name) {
    for (const auto& [key, value] : answer.headers)
      if (key == name) return value;
    return "";
  }

  CellCatalogue catalogue_{path("cache"), std::chrono::milliseconds(0)};
  const LonLatBox middle_{10.01, 50.01, 10.09, 50.04};  // two cells
};

TEST_F(DemDatasetsTest, CellsSideBySideAreOneDataset) {
  EXPECT_EQ(list(), json::array());
  fill(middle_);
  const json row = list()[0];
  EXPECT_EQ(row["cell_count"], 2);
  EXPECT_EQ(row["crs"], "EPSG:4326");
  EXPECT_EQ(row["policy"], "test");
  EXPECT_NEAR(row["resolution_m"].get<double>(), 60, 1);
  EXPECT_NEAR(row["bbox"][0].get<double>(), 10.0, 1e-9);
  EXPECT_NEAR(row["bbox"][2].get<double>(), 10.1, 1e-9);
}

TEST_F(DemDatasetsTest, AreasApartAndOtherLatticesAreDatasetsOfTheirOwn) {
  fill({10.01, 50.11, 10.02, 50.12});
  fill({10.11, 50.01, 10.12, 50.02});  // a cell between
  fill({10.11, 50.01, 10.12, 50.02}, 40.0);
  const json rows = list();
  ASSERT_EQ(rows.size(), 3U);
  std::set<std::string> ids;
  for (const json& row : rows)
    ids.insert(row["id"].get<std::string>());
  EXPECT_EQ(ids.size(), 3U);
}

TEST_F(DemDatasetsTest, AnIdStaysGoodWhenTheAreaGrows) {
  fill({10.06, 50.01, 10.09, 50.04});
  const std::string id = only_id();
  fill({10.01, 50.06, 10.04, 50.09});  // touches by a corner
  const json meta = json_of(dem_meta(catalogue(), of(id)));
  EXPECT_EQ(meta["cell_count"], 2);
  EXPECT_EQ(meta["full_height"], 2 * meta["cell_size"].get<int>());
}

TEST_F(DemDatasetsTest, ACellIsOpenedOnceHoweverOftenIsAsked) {
  fill(middle_);
  const std::string id = only_id();
  EXPECT_EQ(catalogue().opened(), 2U);
  for (int i = 0; i < 5; ++i)
    (void)dem_cell_at(catalogue(), of(id, {{"lat", "50.02"}, {"lon", "10.02"}}));
  EXPECT_EQ(catalogue().opened(), 2U);
  fill({10.11, 50.01, 10.12, 50.02});
  EXPECT_EQ(list()[0]["cell_count"], 3);
  EXPECT_EQ(catalogue().opened(), 3U);
  std::filesystem::remove_all(path("cache/fused_zarr"));
  EXPECT_EQ(list(), json::array());
}

TEST_F(DemDatasetsTest, GridsHaveThePixelsOfTheCells) {
  fill(middle_);
  const std::string id = only_id();
  const ServiceAnswer heights = dem_elevation(catalogue(), of(id));
  const ServiceAnswer ids = dem_provenance(catalogue(), of(id));
  const DemDataset dataset = catalogue().find(id);
  OpenRequest request = settings_.policy;
  const LayerPlanes planes = read_all(*open_policy(request), 0, dataset.window());
  EXPECT_EQ(header(heights, "X-Grid-Width"), std::to_string(dataset.window().width));
  EXPECT_EQ(header(heights, "X-Grid-Height"), std::to_string(dataset.window().height));
  const auto values_of_heights = values<float>(heights);
  const auto values_of_ids = values<SourceId>(ids);
  ASSERT_EQ(values_of_heights.size(), planes.elevation.size());
  ASSERT_EQ(values_of_ids.size(), planes.source.size());
  for (std::size_t i = 0; i < values_of_ids.size(); ++i) {
    ASSERT_TRUE(same_bits(values_of_heights[i], planes.elevation.data()[i])) << i;
    ASSERT_EQ(values_of_ids[i], planes.source.data()[i]) << i;
  }
}

TEST_F(DemDatasetsTest, WindowsAreCutAndThinned) {
  fill(middle_);
  const std::string id = only_id();
  const auto whole = values<float>(dem_elevation(catalogue(), of(id)));
  const std::int64_t width = catalogue().find(id).window().width;
  const auto at = [&](std::int64_t c, std::int64_t r) {
    return whole[static_cast<std::size_t>(r * width + c)];
  };
  const Query window{
      {"col", "70"}, {"row", "10"}, {"width", "40"}, {"height", "20"}, {"max_dim", "16"}};
  const ServiceAnswer answer = dem_elevation(catalogue(), of(id, window));
  EXPECT_EQ(header(answer, "X-Grid-Stride"), "3");
  EXPECT_EQ(header(answer, "X-Grid-Width"), "14");
  EXPECT_EQ(header(answer, "X-Grid-Height"), "7");
  const auto thin = values<float>(answer);
  ASSERT_EQ(thin.size(), 14U * 7U);
  for (std::int64_t r = 0; r < 7; ++r)
    for (std::int64_t c = 0; c < 14; ++c)
      EXPECT_TRUE(same_bits(thin[static_cast<std::size_t>(r * 14 + c)],
                            at(70 + std::min<std::int64_t>(c * 3 + 1, 39),
                               10 + std::min<std::int64_t>(r * 3 + 1, 19))))
          << c << " " << r;
}

TEST_F(DemDatasetsTest, MetaTellsTheWindowAndItsSources) {
  fill(middle_);
  const json meta =
      json_of(dem_meta(catalogue(), of(only_id(), {{"bbox", "10.06,50.01,10.08,50.03"}})));
  EXPECT_NEAR(meta["bounds"][0].get<double>(), 10.06, 0.001);
  EXPECT_NEAR(meta["bounds"][3].get<double>(), 50.03, 0.001);
  ASSERT_EQ(meta["sources"].size(), 1U);
  EXPECT_EQ(meta["sources"][0]["survey_id"], "terrace");
  EXPECT_EQ(meta.dump().find(directory().path()), std::string::npos);
}

TEST_F(DemDatasetsTest, TheTerraceIsInTheQualityOfTheDataset) {
  fill(middle_);
  const json report = json_of(dem_quality(catalogue(), of(only_id(), {{"resolution", "30"}})));
  EXPECT_GE(report["stats"]["vdatum_jumps_count"], 1);
}

TEST_F(DemDatasetsTest, ADamagedCellHasNoPixels) {
  fill(middle_);
  const std::string id = only_id();
  const std::string file = path("cache/" + catalogue().find(id).cells.begin()->second);
  std::fstream damaged(file, std::ios::binary | std::ios::in | std::ios::out);
  damaged.seekp(static_cast<std::streamoff>(std::filesystem::file_size(file) / 3));
  damaged << "xxxxxxxxxxxxxxxx";
  damaged.close();
  const auto heights = values<float>(dem_elevation(catalogue(), of(id)));
  EXPECT_TRUE(std::isnan(heights.front()));
  EXPECT_FALSE(
      std::isnan(heights[static_cast<std::size_t>(catalogue().find(id).window().width) - 1]));
}

TEST_F(DemDatasetsTest, WrongRequestsAreRefused) {
  fill(middle_);
  const std::string id = only_id();
  for (const char* unknown : {"", "x", "../..", "0123456789ab_1_2", "0123456789ab_1_2x"})
    EXPECT_THAT(refused([&] { dem_meta(catalogue(), of(unknown)); }), HasSubstr("404: no dataset"));
  const std::pair<Query, const char*> rows[] = {
      {{{"max_dim", "100000"}}, "400: \"max_dim\" must be a whole number from 16 to 4096"},
      {{{"col", "-1"}}, "400: \"col\""},
      {{{"col", "99999"}}, "400: the window lies beside the dataset"},
      {{{"bbox", "0,0,1,1"}}, "404: the box lies beside the dataset"},
      {{{"bbox", "10,50,11,51"}, {"col", "1"}}, "400: a box and \"col\" exclude each other"},
      {{{"maxdim", "64"}}, "did you mean \"max_dim\"?"},
  };
  for (const auto& [query, message] : rows)
    EXPECT_THAT(refused([&, &asked = query] { dem_elevation(catalogue(), of(id, asked)); }),
                HasSubstr(message));
  EXPECT_THAT(refused([&] {
                dem_cell_at(catalogue(), of(id, {{"lat", "0"}, {"lon", "0"}}));
              }),
              HasSubstr("404: no cell"));
  EXPECT_THAT(refused([&] { dem_cell_at(catalogue(), of(id, {{"lat", "0"}})); }), HasSubstr("400"));
}

TEST_F(DemDatasetsTest, RoutesAreForReadingOnly) {
  for (const Route& route : dem_routes(service())) {
    EXPECT_EQ(route.method, HttpMethod::kGet);
    EXPECT_EQ(route.pattern.rfind("/api/v1/dem/datasets", 0), 0U);
  }
}

}  // namespace
}  // namespace topobathy::testing_support
