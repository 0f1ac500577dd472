#include <gmock/gmock.h>

#include "service/area_test.h"
#include "utils/serve/analysis_routes.h"

namespace topobathy::testing_support {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class AnalysisRoute : public AreaTest {
 protected:
  json analyze(const json& body) { return json_of(routes()[0].handler(post(body))); }
  json quality(const std::map<std::string, std::string>& query, std::size_t route = 1) {
    return json_of(routes()[route].handler(get(query)));
  }
  const Routes& routes() {
    if (routes_.empty()) routes_ = analysis_routes(service());
    return routes_;
  }
  const json box_{10.0, 50.03, 10.08, 50.07};

 private:
  Routes routes_;
};

TEST_F(AnalysisRoute, EveryStepTellsItsFilesByName) {
  const json answer = analyze({{"bbox", box_}, {"force", true}, {"zoom", nullptr}});
  const json& providers = answer["providers"];
  ASSERT_EQ(providers.size(), 2U);
  EXPECT_EQ(providers[0]["provider"], "raster");
  EXPECT_EQ(providers[1]["step_index"], 1);
  EXPECT_EQ(providers[1]["step"], "terrace");
  ASSERT_EQ(providers[1]["items"].size(), 1U);
  EXPECT_EQ(providers[1]["items"][0],
            json({{"name", "terrace"}, {"included", true}, {"reason", nullptr}, {"url", nullptr}}));
  EXPECT_EQ(answer["policy_yaml"], nullptr);  // it names files of this machine
  EXPECT_EQ(answer["estimate"]["cells"]["stored"], 0);
  EXPECT_GT(answer["estimate"]["pixels"], 1000);
  EXPECT_EQ(answer.dump().find(directory().path()), std::string::npos);
  EXPECT_EQ(cells_in(), 0U);
}

TEST_F(AnalysisRoute, APolicyIsSentOrNamed) {
  EXPECT_EQ(analyze({{"bbox", box_}, {"policy_yaml", plain_policy()}})["policy_yaml"],
            plain_policy());
  std::ofstream(path("policies/plain.yaml")) << plain_policy();
  for (const char* name : {"plain", "plain.yaml"})
    EXPECT_EQ(analyze({{"bbox", box_}, {"policy_name", name}})["providers"], json::array()) << name;
  EXPECT_THAT(refused([&] {
                analyze({{"bbox", box_}, {"policy_name", "../p.yaml"}});
              }),
              HasSubstr("400: no name of a policy"));
}

TEST_F(AnalysisRoute, AStepThatCannotTellIsAnItem) {
  std::filesystem::remove(path("terrace.tif"));
  const json answer = analyze({{"bbox", box_}});
  const json& item = answer["providers"][1]["items"][0];
  EXPECT_EQ(item["name"], "Error fetching inventory");
  EXPECT_THAT(item["reason"].get<std::string>(), HasSubstr("terrace.tif"));
  EXPECT_EQ(answer.dump().find(directory().path()), std::string::npos);
}

TEST_F(AnalysisRoute, LimitsAreTold) {
  EXPECT_THAT(refused([&] {
                analyze({{"bbox", {0, 40, 11, 50}}});
              }),
              HasSubstr("422: the box has 110 square degrees; at most 100"));
  EXPECT_THAT(refused([&] {
                analyze({{"bbox", {0, 40, 10, 50}}, {"resolution", 1}});
              }),
              HasSubstr("cells; at most 100000"));
  EXPECT_THAT(refused([&] {
                quality({{"bbox", "10,50,11,51"}, {"resolution", "5"}});
              }),
              HasSubstr("413: the area has "));
  EXPECT_THAT(refused([&] {
                quality({{"bbox", "10,50,11,51"}, {"threshold", "5"}});
              }),
              HasSubstr("400: unknown parameter"));
}

TEST_F(AnalysisRoute, TheTerraceIsReportedOnce) {
  const json report =
      quality({{"west", "10.0"}, {"south", "50.03"}, {"east", "10.08"}, {"north", "50.07"}});
  EXPECT_GE(report["stats"]["vdatum_jumps_count"], 1);
  const json& jump = report["features"]["features"][0];
  EXPECT_EQ(jump["properties"]["type"], "vdatum_jump");
  EXPECT_NEAR(std::abs(jump["properties"]["jump"].get<double>()), 8.0, 0.5);
  for (const json& line : jump["geometry"]["coordinates"])
    EXPECT_NEAR(line[0][0].get<double>(), 10.05, 0.001);
  EXPECT_GT(report["stats"]["missing_data_pct"], 0.5);
  EXPECT_EQ(quality({{"bbox", "10.0,50.03,10.08,50.07"}}, 2), report);
}

TEST_F(AnalysisRoute, WithoutDataEverythingIsMissing) {
  const json report = quality({{"bbox", "30,30,30.1,30.1"}});
  EXPECT_EQ(report["stats"]["missing_data_pct"], 100.0);
  EXPECT_EQ(report["stats"]["max_slope_deg"], 0.0);
  EXPECT_EQ(report["features"]["features"], json::array());
}

}  // namespace
}  // namespace topobathy::testing_support
