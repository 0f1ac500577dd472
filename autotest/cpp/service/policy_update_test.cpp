#include <gmock/gmock.h>

#include "fusion/policy/load.h"
#include "service/area_test.h"
#include "utils/serve/policy/policy_handlers.h"
#include "utils/serve/policy_routes.h"

namespace topobathy::testing_support {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class PolicyFolderTest : public AreaTest {
 protected:
  json update(const json& body) { return json_of(update_policy(service(), post(body))); }
  std::string refusal_of(const json& body) {
    return refused([&] { update_policy(service(), post(body)); });
  }
  std::string text(const std::string& name) const {
    std::ifstream in(path("policies/" + name + ".yaml"));
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static std::string base(const std::string& filter) {
    return "name: 'Base 1.10'\nversion: 1.10\ndefaults:\n  filter: {exclude_patterns: ['D*']}\n"
           "variables:\n- name: elevation\n  steps:\n  - {provider: etopo_2022}\n  - provider: "
           "ncei_bag" +
           filter + "\n";
  }
  std::vector<std::string> excluded(const std::string& filter, const json& curations) {
    update({{"name", "curated"}, {"base_yaml", base(filter)}, {"curations", curations}});
    return load_policy(text("curated"), "", "").steps[1].filter.exclude_patterns;
  }
};

TEST_F(PolicyFolderTest, APolicyIsKeptUnderItsName) {
  EXPECT_EQ(update({{"name", "plain-1"}, {"policy_yaml", plain_policy()}}),
            json({{"status", "success"}, {"name", "plain-1"}}));
  EXPECT_EQ(text("plain-1"), plain_policy());
  EXPECT_EQ(json_of(list_policies(service(), {})),
            json({{"policies", {{{"name", "plain-1"}, {"active", false}}}}}));
  ServiceRequest asked;
  asked.parts = {"plain-1"};
  EXPECT_EQ(std::get<std::string>(policy_text(service(), asked).body), plain_policy());
}

TEST_F(PolicyFolderTest, CurationsAreAppendedOnce) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(excluded("\n    filter: {exclude_patterns: [H1, H2]}", {{"1", {"H2", "H3"}}}),
            (Names{"H1", "H2", "H3"}));
  EXPECT_EQ(excluded("\n    filter: {exclude_patterns: H1}", {{"1", {"H2"}}}), (Names{"H1", "H2"}));
}

TEST_F(PolicyFolderTest, CuratedStepsKeepWhatTheyHadOfTheDefaults) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(excluded("", {{"1", {"H2"}}}), (Names{"D*", "H2"}));
  EXPECT_EQ(excluded("\n    filter: {min_year: 1990}", {{"1", {"H2"}}}), (Names{"D*", "H2"}));
  EXPECT_EQ(excluded("\n    filter: ~", {{"1", {"H2"}}}), (Names{"H2"}));
}

TEST_F(PolicyFolderTest, CuratedNamesAreLiteral) {
  EXPECT_EQ(excluded("\n    filter: ~", {{"1", {"^H[1]*", "H?"}}}),
            (std::vector<std::string>{"\\^H\\[1]\\*", "H\\?"}));
}

TEST_F(PolicyFolderTest, CurationChangesNothingElse) {
  update({{"name", "curated"}, {"base_yaml", base("")}, {"curations", {{"1", json::array()}}}});
  const Policy before = load_policy(base(""), "", ""), after = load_policy(text("curated"), "", "");
  EXPECT_EQ(after.hash, before.hash);
  EXPECT_EQ(after.name, "Base 1.10");
  EXPECT_EQ(after.version, "1.10");
}

TEST_F(PolicyFolderTest, WhatIsRefusedWritesNothing) {
  const json text = plain_policy();
  const std::pair<json, const char*> rows[] = {
      {{{"policy_yaml", text}}, "400: \"name\" is missing"},
      {{{"name", ""}, {"policy_yaml", text}}, "400: no name of a policy"},
      {{{"name", "../up"}, {"policy_yaml", text}}, "400: no name of a policy: \"../up\""},
      {{{"name", 5}, {"policy_yaml", text}}, "422: \"name\" must be a text, not 5"},
      {{{"name", "a"}}, "400: nothing to write"},
      {{{"name", "a"}, {"policy_yml", text}}, "422: unknown key \"policy_yml\"; did you mean"},
      {{{"name", "a"}, {"policy_yaml", "name: x"}}, "400: policy:"},
      {{{"name", "a"}, {"policy_yaml", text}, {"curations", {{"0", {"x"}}}}}, "400: give policy_y"},
      {{{"name", "a"}, {"base_yaml", base("")}, {"curations", {{"2", {"x"}}}}},
       "422: curations name step 2, but the policy has steps 0 to 1"},
      {{{"name", "a"}, {"base_yaml", base("")}, {"curations", {{"-1", {"x"}}}}}, "is no number"},
      {{{"name", "a"}, {"base_yaml", base("")}, {"curations", {{"1", {5}}}}}, "must be texts"},
      {{{"name", "a"}, {"base_yaml", base("")}, {"curations", {{"0", {"x"}}}}},
       "\"exclude_patterns\" has no meaning for provider \"etopo_2022\""},
  };
  for (const auto& [body, message] : rows)
    EXPECT_THAT(refusal_of(body), HasSubstr(message)) << body;
  EXPECT_TRUE(std::filesystem::is_empty(path("policies")));
}

TEST_F(PolicyFolderTest, TheActivePolicyIsNeverOverwritten) {
  settings_.policy_dir = directory().path();  // p.yaml is served
  EXPECT_THAT(refusal_of({{"name", "p"}, {"policy_yaml", plain_policy()}}),
              HasSubstr("409: \"p\""));
  EXPECT_EQ(json_of(list_policies(service(), {}))["policies"],
            json::array({{{"name", "p"}, {"active", true}}}));
}

TEST_F(PolicyFolderTest, WithoutAFolderThereIsNothing) {
  settings_.policy_dir.clear();
  EXPECT_THAT(refusal_of({{"name", "a"}, {"policy_yaml", plain_policy()}}), HasSubstr("404"));
  EXPECT_EQ(json_of(list_policies(service(), {}))["policies"], json::array());
}

TEST_F(PolicyFolderTest, ATextThatNamesFilesOfTheServerIsNotHandedOut) {
  std::ofstream(path("policies/own.yaml")) << "name: own\nvariables:\n- name: elevation\n  "
                                              "steps:\n  - {provider: raster, path: /a.tif}\n";
  ServiceRequest asked;
  asked.parts = {"own"};
  EXPECT_THAT(refused([&] { policy_text(service(), asked); }), HasSubstr("403"));
  asked.parts = {"onw"};
  EXPECT_THAT(refused([&] { policy_text(service(), asked); }), HasSubstr("did you mean \"own\"?"));
}

TEST_F(PolicyFolderTest, OnlyTheRouteThatWritesChangesAnything) {
  for (const Route& route : policy_routes(service()))
    EXPECT_EQ(route.access == Access::kChange, route.method == HttpMethod::kPost) << route.pattern;
}

}  // namespace
}  // namespace topobathy::testing_support
