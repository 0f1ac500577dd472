#include <gmock/gmock.h>

#include "fusion/policy/provider_table.h"
#include "service/area_test.h"
#include "utils/serve/policy/client_crs.h"

namespace topobathy::testing_support {
namespace {

using ::testing::HasSubstr;

class AdmittedPolicy : public AreaTest {
 protected:
  static std::string with(const std::string& root, const std::string& step) {
    return "name: sent\n" + root + "variables:\n- name: elevation\n  steps:\n  - " + step + "\n";
  }
  std::string answer(const std::string& yaml) {
    return refused([&] { admit_policy(yaml, settings_); });
  }
};

TEST_F(AdmittedPolicy, ArchivesAreAllowedAndTheTextComesBack) {
  const std::string yaml =
      with("crs: EPSG:32618\nvertical_crs: NAVD88\n",
           "{provider: ncei_bag, filter: {exclude_patterns: ['H1*', '(?i)draft.*']}}");
  EXPECT_EQ(admit_policy(yaml, settings_), yaml);
}

TEST_F(AdmittedPolicy, EveryArchiveIsAllowedByDefaultAndNoRaster) {
  const auto names = default_client_providers();
  EXPECT_EQ(names.size(), provider_table().size() - 1);
  EXPECT_EQ(names.count("raster"), 0U);
}

TEST_F(AdmittedPolicy, WhatIsRefusedIsNamedWithItsPlace) {
  struct Row {
    std::string yaml, message;
  };
  const std::string bag = "{provider: ncei_bag}";
  const Row rows[] = {
      {"name: [", "400: policy:"},
      {"", "400: policy: the policy is empty"},
      {std::string((1 << 20) + 1, ' '), "bytes long; the limit is"},
      {with("", "{provider: ncei_bga}"),
       "400: policy:5:16: unknown provider \"ncei_bga\"; did you"},
      {with("", "{provider: raster, path: /etc/passwd}"),
       "422: policy:5:5: provider \"raster\" is not allowed"},
      {with("", "{provider: ncei_bag, path: /etc/passwd}"), "400: policy:5:32: \"path\" is for"},
      {with("crs: +proj=utm +zone=18 +nadgrids=/etc/passwd\n", bag), "422: policy:2:6: \"crs\""},
      {with("crs: '+init=/etc/passwd:4326'\n", bag), "422: policy:2:6: \"crs\""},
      {with("vertical_crs: /vsicurl/http://169.254.169.254/x.gtx\n", bag),
       "422: policy:2:15: \"vertical_crs\""},
      {with("", "{provider: ncei_bag, vertical_crs: ../grid.gtx}"), "\"vertical_crs\""},
      {with("", "{provider: ncei_bag, filter: {include_patterns: ['^(a+)+$']}}"),
       "422: policy:5:5: \"include_patterns\" of step \"ncei_bag\": \"^(a+)+$\" is a regular"},
      {with("", "{provider: ncei_bag, filter: {include_patterns: ['^.*.*.*.*x']}}"), "at most 3"},
      {with("", "{provider: ncei_bag, filter: {project_id: 'http://host/x'}}"), "\"project_id\""},
      {with("resolution: 0.01\n", bag), "422: policy:1:1: resolution 0.01 m is too fine"},
      {with("resolution: 1\n",
            "{provider: ncei_bag, operator: metric_feather, blend_distance: 90000}"),
       "blends and fills over 90000 m"},
  };
  for (const Row& row : rows)
    EXPECT_THAT(answer(row.yaml), HasSubstr(row.message)) << row.yaml.substr(0, 200);
}

TEST_F(AdmittedPolicy, AProviderThatTheOwnerLeftOutIsRefused) {
  settings_.client_providers = {"gebco"};
  EXPECT_THAT(answer(with("", "{provider: ncei_bag}")), HasSubstr("allowed: gebco"));
}

TEST_F(AdmittedPolicy, ManyStepsAreRefused) {
  std::string steps;
  for (int i = 0; i < 101; ++i)
    steps += "  - {provider: gebco}\n";
  EXPECT_THAT(answer("name: many\nvariables:\n- name: elevation\n  steps:\n" + steps),
              HasSubstr("101 steps; at most 100"));
}

TEST_F(AdmittedPolicy, OnlyCrsTextsThatReadNoFilePass) {
  EXPECT_EQ(client_crs("epsg:4326"), "EPSG:4326");
  EXPECT_EQ(client_crs("OGC:CRS84"), "OGC:CRS84");
  EXPECT_EQ(client_heights("mllw"), "mllw");
  EXPECT_NE(client_crs("GEOGCS[\"x\",DATUM[\"d\",SPHEROID[\"s\",6378137,298]]]"), "");
  for (const char* text :
       {"", "/etc/passwd", "EPSG:", "file:x", "{\"type\": \"BoundCRS\"}", "urn:ogc:def:crs:EPSG::1",
        "PROJCS[\"x\",EXTENSION[\"PROJ4\",\"+proj=utm +nadgrids=/x\"]]",
        "BOUNDCRS[SOURCECRS[GEOGCRS[\"x\"]]]", "https://x/crs", "EPSG:4326\n+x"})
    EXPECT_EQ(client_crs(text), "") << text;
}

TEST_F(AdmittedPolicy, TheSameTextIsOpenedOnceAndTheOldestIsForgotten) {
  const auto first = service().policy_of_text(plain_policy());
  EXPECT_EQ(service().policy_of_text(plain_policy()), first);
  for (std::size_t i = 0; i < Service::kOpenTexts; ++i)
    service().policy_of_text(plain_policy("resolution: " + std::to_string(60 + i) + ".5\n"));
  EXPECT_NE(service().policy_of_text(plain_policy()), first);
  EXPECT_THAT(
      refused([&] { service().policy_of_text(with("", "{provider: raster, path: x.tif}")); }),
      HasSubstr("422"));
}

}  // namespace
}  // namespace topobathy::testing_support
