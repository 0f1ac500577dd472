#include <gmock/gmock.h>

#include "fusion/policy/provider_table.h"
#include "fusion/policy/step_names.h"
#include "policy_text.h"

namespace topobathy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Policy loaded_file(const std::string& name) {
  return load_policy(read_text(autotest_path("data/policies/" + name)), name, "/data");
}

TEST(LoadPolicy, takes_every_published_sample_as_it_is_written) {
  for (const std::string& path : policy_files()) {
    EXPECT_NO_THROW(load_policy(read_text(path), path, "")) << path;
  }
}

TEST(LoadPolicy, fills_in_defaults) {
  const Policy policy = loaded("name: t\nvariables: [{steps: [{provider: gebco}]}]\n");
  EXPECT_EQ(policy.name, "t");
  EXPECT_EQ(policy.version, "1.0.0");
  EXPECT_EQ(policy.crs, "EPSG:4326");
  EXPECT_EQ(policy.resolution, 30.0);
  EXPECT_FALSE(policy.zoom || policy.extent || policy.vertical_crs || policy.background);
  EXPECT_EQ(policy.overview, OverviewRule::kMean);
  EXPECT_EQ(policy.file, "p.yaml");
  EXPECT_EQ(policy.directory, "/data");
  EXPECT_EQ(policy.hash.size(), 64u);
  ASSERT_EQ(policy.steps.size(), 1u);
  const Step& step = policy.steps[0];
  EXPECT_EQ(step.provider, "gebco_2025");
  EXPECT_EQ(step.name, "gebco_2025");
  EXPECT_EQ(step.blend.op, Operator::kOverwrite);
  EXPECT_EQ(step.resampling, Resampling::kAuto);
  EXPECT_EQ(step.on_error, OnError::kFail);
  EXPECT_EQ(step.product, "sub_ice");
  EXPECT_FALSE(step.zone || step.background || step.vertical_crs || step.uncertainty);
  EXPECT_EQ(step.place.text(), "p.yaml:2:22");
}

TEST(LoadPolicy, brings_every_root_key_to_the_model) {
  const Policy policy = loaded_file("every_key.yaml");
  EXPECT_EQ(policy.name, "Every key");
  EXPECT_EQ(policy.version, "2.10");  // as written, no number
  EXPECT_EQ(policy.description, "All of it.");
  EXPECT_EQ(policy.crs, "EPSG:3857");
  EXPECT_EQ(policy.zoom, 12);
  EXPECT_FALSE(policy.resolution);
  ASSERT_TRUE(policy.extent);
  EXPECT_EQ(policy.extent->west, 170.0);
  EXPECT_EQ(policy.extent->south, -20.0);
  EXPECT_EQ(policy.extent->east, -175.0);
  EXPECT_EQ(policy.extent->north, -10.0);
  EXPECT_EQ(policy.vertical_crs, "EPSG:5773");
  EXPECT_EQ(policy.overview, OverviewRule::kShoalest);
  EXPECT_EQ(policy.background, -4000.0);
  ASSERT_EQ(policy.steps.size(), 5u);
}

TEST(LoadPolicy, brings_every_step_key_to_the_model) {
  const Policy policy = loaded_file("every_key.yaml");
  const Step& base = policy.steps[0];
  EXPECT_EQ(base.name, "base");
  EXPECT_EQ(base.product, "sub_ice");
  EXPECT_EQ(base.blend.op, Operator::kOverwrite);
  EXPECT_EQ(base.blend.distance, 0.0);
  EXPECT_EQ(base.resampling, Resampling::kBilinear);
  EXPECT_EQ(base.vertical_crs, "EPSG:5714");
  ASSERT_TRUE(base.uncertainty);
  EXPECT_EQ(base.uncertainty->constant, 50.0);
  EXPECT_EQ(base.uncertainty->depth_factor, 0.05);
  EXPECT_EQ(base.on_error, OnError::kFail);
  EXPECT_EQ(base.description, "the floor of everything");

  const Step& harbour = policy.steps[1];
  EXPECT_THAT(harbour.files.paths, ElementsAre("a.tif", "sub/b.tif"));
  EXPECT_EQ(harbour.files.crs, "EPSG:32618");
  EXPECT_TRUE(harbour.files.allow_vrt);
  EXPECT_EQ(harbour.files_place.text(), "every_key.yaml:36:15");
  EXPECT_EQ(harbour.blend.op, Operator::kLinearBlend);
  EXPECT_EQ(harbour.blend.weight, 0.75);
  EXPECT_EQ(harbour.background, 0.0);
  ASSERT_TRUE(harbour.zone);
  ASSERT_EQ(harbour.zone->polygon.size(), 3u);  // the closing point is not kept
  EXPECT_EQ(harbour.zone->polygon[1].lon, 179.0);
  EXPECT_EQ(harbour.zone->polygon[1].lat, -18.0);

  const Step& tiles = policy.steps[2];
  EXPECT_EQ(tiles.files.glob, "tiles/*.tif");
  EXPECT_EQ(tiles.blend.op, Operator::kMetricFeather);
  ASSERT_TRUE(tiles.zone && tiles.zone->bbox);
  EXPECT_EQ(tiles.zone->bbox->north, -12.0);
  ASSERT_EQ(tiles.transitions.size(), 2u);
  EXPECT_EQ(tiles.transitions[0].target, "gebco_2025");
  EXPECT_EQ(tiles.transitions[0].blend.distance, 500.0);
  EXPECT_EQ(tiles.transitions[1].target, "harbour");
  EXPECT_EQ(tiles.transitions[1].blend.op, Operator::kLinearBlend);

  EXPECT_EQ(policy.steps[3].files.index, "tiles.gpkg");
  EXPECT_EQ(policy.steps[3].files.index_location, "file");
}

TEST(LoadPolicy, brings_every_filter_key_to_the_model) {
  const Policy policy = loaded_file("every_key.yaml");
  const Filter& files = policy.steps[1].filter;
  EXPECT_EQ(files.min_elevation, -100.0);
  EXPECT_EQ(files.max_elevation, 20.0);
  EXPECT_EQ(files.max_deviation, 5.0);
  EXPECT_EQ(files.max_depth_change, 6.0);
  EXPECT_EQ(files.max_interpolation_gap, 40.0);
  EXPECT_THAT(files.include_patterns, ElementsAre("H1*", "(?i)^w.*"));
  EXPECT_THAT(files.exclude_patterns, ElementsAre("*.interpolated"));
  const Filter& lidar = policy.steps[4].filter;
  EXPECT_EQ(lidar.min_year, 2020);
  EXPECT_EQ(lidar.max_resolution, 2.0);
  EXPECT_THAT(lidar.project_ids, ElementsAre("8", "009"));
  EXPECT_EQ(lidar.project_type, ProjectType::kTopographic);
}

TEST(LoadPolicy, applies_defaults_to_steps_that_do_not_say_otherwise) {
  const Policy policy = loaded_file("every_key.yaml");
  const Step& tiles = policy.steps[2];
  EXPECT_EQ(tiles.resampling, Resampling::kCubic);
  EXPECT_EQ(tiles.blend.distance, 120.0);
  EXPECT_EQ(tiles.vertical_crs, "EPSG:5703");
  EXPECT_EQ(tiles.uncertainty->constant, 1.5);
  EXPECT_EQ(tiles.on_error, OnError::kSkip);
  EXPECT_EQ(tiles.filter.min_elevation, -500.0);
  EXPECT_FALSE(tiles.filter.min_year);  // means nothing for files
  EXPECT_EQ(tiles.transitions[1].blend.weight, 0.25);
  const Step& lidar = policy.steps[4];
  EXPECT_EQ(lidar.blend.op, Operator::kMetricFeather);
  EXPECT_EQ(lidar.filter.min_elevation, -500.0);  // key by key
  EXPECT_EQ(lidar.filter.min_year, 2020);
}

TEST(LoadPolicy, heights_are_assumed_where_a_step_or_the_defaults_say_so) {
  const std::string steps =
      "  - {provider: gebco}\n  - {provider: gebco, vertical: shift}\n"
      "  - {provider: gebco, vertical: assume}\n  - {provider: gebco, vertical: ~}\n";
  const auto assumed = [&](const std::string& root) {
    std::string flags;
    for (const Step& step : loaded(policy_with(root, steps)).steps)
      flags.push_back(step.assume_heights ? 'a' : 's');
    return flags;
  };
  EXPECT_EQ(assumed(""), "ssas");
  EXPECT_EQ(assumed("defaults: {vertical: assume}\n"), "asas");
}

TEST(LoadPolicy, takes_null_as_absent_and_as_the_end_of_a_default) {
  const std::string defaults =
      "defaults: {operator: metric_feather, blend_distance: 9, resampling: cubic, vertical_crs: V, "
      "uncertainty: 2, filter: {min_elevation: 1, max_deviation: 3}}\n";
  const Policy policy = loaded(policy_with(
      defaults + "extent: ~\nvertical_crs: null\n",
      "  - {provider: gebco, blend_distance: ~, resampling: ~, vertical_crs: ~, uncertainty: ~, "
      "filter: ~}\n"
      "  - {provider: gebco, filter: {min_elevation: ~}, product: ~, zone: ~, transitions: ~}\n"));
  const Step& cleared = policy.steps[0];
  EXPECT_EQ(cleared.blend.op, Operator::kMetricFeather);
  EXPECT_EQ(cleared.blend.distance, 0.0);
  EXPECT_EQ(cleared.resampling, Resampling::kAuto);
  EXPECT_FALSE(cleared.vertical_crs || cleared.uncertainty || cleared.filter.min_elevation);
  const Step& partly = policy.steps[1];
  EXPECT_EQ(partly.blend.distance, 9.0);
  EXPECT_FALSE(partly.filter.min_elevation);
  EXPECT_EQ(partly.filter.max_deviation, 3.0);
}

TEST(LoadPolicy, takes_the_resolution_of_defaults_where_the_root_has_none) {
  EXPECT_EQ(loaded(with_root("defaults: {resolution: 10}\n")).resolution, 10.0);
  EXPECT_EQ(loaded(with_root("resolution: 5\ndefaults: {resolution: 10}\n")).resolution, 5.0);
}

TEST(LoadPolicy, looks_for_on_error_in_step_then_defaults_then_root) {
  const auto on_error = [](const std::string& root, const std::string& step) {
    return loaded(policy_with(root, "  - {provider: gebco" + step + "}\n")).steps[0].on_error;
  };
  EXPECT_EQ(on_error("on_error: skip\n", ""), OnError::kSkip);
  EXPECT_EQ(on_error("on_error: skip\ndefaults: {on_error: fail}\n", ""), OnError::kFail);
  EXPECT_EQ(on_error("on_error: skip\n", ", on_error: fail"), OnError::kFail);
}

TEST(LoadPolicy, accepts_both_spellings_of_an_operator_when_they_agree) {
  const Policy policy =
      loaded(with_step("provider: nasadem\noperator: metric_feather\noperation: "
                       "metric_feather\nblend_mode: feather\n"));
  EXPECT_EQ(policy.steps[1].blend.op, Operator::kMetricFeather);
}

TEST(LoadPolicy, accepts_a_distance_of_zero_with_any_operator) {
  EXPECT_EQ(loaded(with_step("provider: nasadem\nblend_distance: 0\n")).steps[1].blend.distance,
            0.0);
}

TEST(LoadPolicy, reads_numbers_by_their_value) {
  const std::pair<const char*, double> table[] = {{"30", 30.0},   {"+30", 30.0}, {"3e1", 30.0},
                                                  {".5", 0.5},    {"5.", 5.0},   {"0.1", 0.1},
                                                  {"1E-3", 1e-3}, {"0", 0.0},    {"-12.5", -12.5}};
  for (const auto& [literal, value] : table) {
    EXPECT_EQ(loaded(with_step("provider: nasadem\nbackground: " + std::string(literal)))
                  .steps[1]
                  .background,
              value);
  }
  const auto zero = loaded(with_step("provider: nasadem\nbackground: -0.0")).steps[1].background;
  EXPECT_FALSE(std::signbit(*zero));
}

TEST(LoadPolicy, accepts_boxes_in_every_shape) {
  EXPECT_EQ(loaded(with_root("extent: [[1, 2], [3, 4]]\n")).extent->north, 4.0);
  EXPECT_EQ(loaded(with_root("extent: [-180, -90, 180, 90]\n")).extent->east, 180.0);
  EXPECT_EQ(loaded(with_root("extent: [179, 0, -179, 1]\n")).extent->west, 179.0);
  EXPECT_EQ(loaded(with_root("extent: [179, 0, 181, 1]\n")).extent->east, 181.0);
  const Zone zone =
      *loaded(with_step("provider: nasadem\nzone: {coords: [1, 2, 3, 4], priority: ~}"))
           .steps[1]
           .zone;
  EXPECT_EQ(zone.bbox->west, 1.0);
  EXPECT_THAT(zone.polygon, IsEmpty());
}

TEST(LoadPolicy, accepts_no_steps_above_a_background) {
  const Policy policy = loaded("name: t\nvariables: [{background: -10, steps: []}]\n");
  EXPECT_EQ(policy.background, -10.0);
  EXPECT_THAT(policy.steps, IsEmpty());
}

TEST(LoadPolicy, names_steps_that_have_none) {
  const Policy policy = loaded(policy_with("",
                                           "  - provider: gebco\n"
                                           "  - {provider: gebco, name: deep}\n"
                                           "  - {provider: gebco, name: 'gebco_2025#2'}\n"
                                           "  - provider: gebco_2025\n"
                                           "  - provider: nasadem\n"));
  std::vector<std::string> names;
  for (const Step& step : policy.steps)
    names.push_back(step.name);
  EXPECT_THAT(names, ElementsAre("gebco_2025", "deep", "gebco_2025#2", "gebco_2025#3", "nasadem"));
}

TEST(LoadPolicy, lets_a_step_bear_its_own_providers_name) {
  const Policy policy =
      loaded(policy_with("", "  - provider: gebco\n  - {provider: gebco, name: gebco_2025}\n"));
  EXPECT_EQ(policy.steps[0].name, "gebco_2025#2");
  EXPECT_EQ(policy.steps[1].name, "gebco_2025");
}

TEST(LoadPolicy, resolves_targets_to_providers_before_names) {
  const Policy policy = loaded(policy_with("",
                                           "  - {provider: gebco, name: one}\n"
                                           "  - {provider: gebco, name: two}\n"
                                           "  - provider: nasadem\n"
                                           "    transitions: [{target_provider: gebco, operator: "
                                           "overwrite}, {target: two, operator: overwrite}]\n"));
  const auto& transitions = policy.steps[2].transitions;
  EXPECT_TRUE(is_target(transitions[0], policy.steps[0]));
  EXPECT_TRUE(is_target(transitions[0], policy.steps[1]));
  EXPECT_FALSE(is_target(transitions[1], policy.steps[0]));
  EXPECT_TRUE(is_target(transitions[1], policy.steps[1]));
}

TEST(LoadPolicy, reads_json_as_it_reads_yaml) {
  const Policy policy = loaded(
      "{\n\t\"name\": \"a\\/b \\u00e9\",\n\t\"resolution\": 1.5e1,\n"
      "\t\"variables\":[{\"background\":null,\"steps\":[{\"provider\":\"raster\",\"path\":[\"a\","
      "\"b\"]}]}]\n}\n");
  EXPECT_EQ(policy.name, "a/b \xC3\xA9");
  EXPECT_EQ(policy.resolution, 15.0);
  EXPECT_THAT(policy.steps[0].files.paths, ElementsAre("a", "b"));
  EXPECT_EQ(refusal("{\n\t\"nmae\": \"x\"\n}"),
            "p.yaml:2:2: unknown key \"nmae\" in the policy; did you mean \"name\"?");
}

TEST(LoadPolicy, does_not_mind_bom_and_line_ends) {
  const Policy policy =
      loaded("\xEF\xBB\xBFname: t\r\nvariables:\r\n- steps:\r\n  - provider: gebco\r\n");
  EXPECT_EQ(policy.name, "t");
  EXPECT_EQ(policy.steps[0].place.text(), "p.yaml:4:5");
}

TEST(ProviderNames, are_unique_with_their_aliases) {
  std::vector<std::string> names = provider_names_and_aliases();
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
  EXPECT_EQ(canonical_provider("gbr100"), "jcu_gbr100");
  EXPECT_EQ(canonical_provider("Raster"), std::nullopt);
}

}  // namespace
}  // namespace topobathy
