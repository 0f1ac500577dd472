#include <gmock/gmock.h>

#include <string>

#include "refusal_table.h"

// The refusals of what a step says, each with its whole message.
namespace topobathy {
namespace {

TEST(Refusal, of_boxes_and_polygons) {
  const auto zone = [](const std::string& coords) {
    return with_step("provider: gebco\nzone: {type: polygon, coords: " + coords + "}\n");
  };
  expect_all({
      {with_root("extent: [1, 2, 3]\n"),
       "p.yaml:2:9: \"extent\" must be four numbers [west, south, east, north], degrees, not 3 "
       "values"},
      {with_root("extent: world\n"),
       "p.yaml:2:9: \"extent\" must be four numbers [west, south, east, north], degrees, not the "
       "text "
       "\"world\""},
      {with_root("extent: [1, 3, 2, 2]\n"), "p.yaml:2:9: south (3) must be below north (2)"},
      {with_root("extent: [1, 2, 2, 2]\n"), "p.yaml:2:9: south (2) must be below north (2)"},
      {with_root("extent: [1, 2, 1, 3]\n"),
       "p.yaml:2:9: the box has no width: west and east are both 1"},
      {with_root("extent: [-300, 2, 100, 3]\n"),
       "p.yaml:2:9: the box is wider than 360 degrees (west -300, east 100)"},
      {with_root("extent: [350, 2, -170, 3]\n"),
       "p.yaml:2:9: the box is wider than 360 degrees (west 350, east -170)"},
      {with_root("extent: [1, -91, 2, 3]\n"),
       "p.yaml:2:13: \"latitude\" must be a number from -90 to 90, not the number -91"},
      {with_root("extent: [1, 2, 541, 3]\n"),
       "p.yaml:2:16: \"longitude\" must be a number from -540 to 540, not the number 541"},
      {with_root("extent: [1, 2, east, 3]\n"),
       "p.yaml:2:16: \"longitude\" must be a number from -540 to 540, in plain digits, not the "
       "text "
       "\"east\""},
      {zone("[0, 0, 1, 1, 2]"),
       "p.yaml:6:35: a polygon needs lon, lat pairs, but 5 numbers are given"},
      {zone("[0, 0, 1, 1, 0, 0]"),
       "p.yaml:6:35: a polygon needs at least 3 different points, but has 2"},
      {zone("[0, 0, 1, 1, 2, 2]"), "p.yaml:6:35: the polygon has no area"},
      {zone("[[0, 0], [1]]"),
       "p.yaml:6:44: \"coords\" must be a list of [lon, lat] pairs or of numbers, not a list with "
       "one of 1"},
      {zone("5"), "p.yaml:6:35: \"coords\" must be a list, not the number 5"},
      {with_step("provider: gebco\nzone: {coords: [0, 0, 1, 1], priority: 3}\n"),
       "p.yaml:6:44: \"priority\" is not supported: the order of the steps decides; remove it"},
      {with_step("provider: gebco\nzone: {type: bbox}\n"),
       "p.yaml:6:11: a zone needs the key \"coords\""},
  });
}

TEST(Refusal, of_blends_that_say_two_things_or_nothing) {
  const std::string unused =
      "\"blend_distance\" has no effect with operator overwrite; write operator: metric_feather, "
      "or remove it";
  expect_all({
      {with_step("provider: gebco\nblend_distance: 5\n"), "p.yaml:6:21: " + unused},
      {with_step("provider: gebco\noperator: metric_feather\nweight: 0.5\n"),
       "p.yaml:7:13: \"weight\" has no effect with operator metric_feather; write operator: "
       "linear_blend, or "
       "remove it"},
      {with_step("provider: gebco\noperator: overwrite\noperation: linear_blend\n"),
       "p.yaml:7:16: \"operator\" and \"operation\" say different things; keep one"},
      {with_step("provider: gebco\noperator: overwrite\nblend_mode: feather\n"),
       "p.yaml:7:17: \"operator\" and \"blend_mode\" say different things; keep one"},
      {with_step("provider: gebco\nuncertainty: {}\n"),
       "p.yaml:6:18: \"uncertainty\" needs constant, depth_factor or both"},
  });
}

TEST(Refusal, of_steps_whose_files_do_not_fit) {
  expect_all({
      {with_step("operator: overwrite\n"), "p.yaml:5:5: a step needs the key \"provider\""},
      {with_step("provider: raster\n"),
       "p.yaml:5:5: a raster step needs one of the keys path, glob or index"},
      {with_step("provider: raster\npath: []\n"),
       "p.yaml:5:5: a raster step needs one of the keys path, glob or index"},
      {with_step("provider: raster\npath: a\nglob: b\n"),
       "p.yaml:7:11: \"path\" and \"glob\" exclude each other; keep one"},
      {with_step("provider: raster\npath: a\nlocation_field: b\n"),
       "p.yaml:7:21: \"location_field\" needs the key \"index\""},
      {with_step("provider: gebco\npath: a\n"),
       "p.yaml:6:11: \"path\" is for provider raster only, not for gebco_2025; remove it"},
      {with_step("provider: gebco\ncrs: EPSG:4326\n"),
       "p.yaml:6:10: \"crs\" is for provider raster only, not for gebco_2025; remove it"},
  });
}

TEST(Refusal, of_products_that_a_provider_has_not) {
  expect_all({
      {with_step("provider: raster\npath: a\nproduct: b\n"),
       "p.yaml:7:14: provider \"raster\" has no products to choose from; remove \"product\""},
      {with_step("provider: noaa_topobathy\nproduct: 1m\n"),
       "p.yaml:6:14: provider \"noaa_topobathy\" has no products to choose from; remove "
       "\"product\""},
      {with_step("provider: copernicus_dsm\nproduct: glo-30\n"),
       "p.yaml:6:14: unknown product \"glo-30\" of provider \"copernicus_dsm\"; did you mean "
       "\"glo30\"? (known: glo30, glo90, stac)"},
      {with_step("provider: gebco\nproduct: Ice_surface\n"),
       "p.yaml:6:14: unknown product \"Ice_surface\" of provider \"gebco_2025\"; did you mean "
       "\"ice_surface\"? (known: sub_ice, ice_surface)"},
      {with_step("provider: usgs_3dep\nproduct: seamless\n"),
       "p.yaml:6:14: unknown product \"seamless\" of provider \"usgs_3dep\"; known: 10m, 30m, "
       "60m, 1m, stac_10m, stac_30m"},
      {with_step("provider: gbr100\nproduct: ''\n"),
       "p.yaml:6:14: \"product\" must be text that is not empty, not the text \"\""},
  });
}

TEST(Refusal, of_filter_keys_without_meaning) {
  expect_all({
      {with_step("provider: nasadem\nfilter: {min_year: 2000}\n"),
       "p.yaml:6:14: \"min_year\" has no meaning for provider \"nasadem\"; remove it (it works "
       "with: usgs_3dep (1m, stac_10m, stac_30m), noaa_bluetopo, noaa_topobathy, usgs_lidar, "
       "ncei_bag, ncei_cudem)"},
      {with_step("provider: raster\npath: a\nfilter: {max_elevation: 1, max_resolution: 3}\n"),
       "p.yaml:7:32: \"max_resolution\" has no meaning for provider \"raster\"; remove it (it "
       "works with: noaa_bluetopo, noaa_topobathy, usgs_lidar, ncei_bag)"},
      {with_step("provider: usgs_3dep\nfilter: {project_id: a}\n"),
       "p.yaml:6:14: \"project_id\" has no meaning for product \"10m\" of provider "
       "\"usgs_3dep\"; remove it (it works with: usgs_3dep (1m), noaa_topobathy, usgs_lidar, "
       "ncei_bag)"},
      {with_step("provider: usgs_3dep\nfilter: {project_id: a}\nproduct: stac_10m\n"),
       "p.yaml:6:14: \"project_id\" has no meaning for product \"stac_10m\" of provider "
       "\"usgs_3dep\"; remove it (it works with: usgs_3dep (1m), noaa_topobathy, usgs_lidar, "
       "ncei_bag)"},
      {with_step("provider: usgs_lidar\nfilter: {project_type: topobathy}\n"),
       "p.yaml:6:14: \"project_type\" has no meaning for provider \"usgs_lidar\"; remove it (it "
       "works with: noaa_topobathy)"},
      {with_step("provider: gbr100\nfilter:\n  exclude_patterns: []\n"),
       "p.yaml:7:7: \"exclude_patterns\" has no meaning for provider \"jcu_gbr100\"; remove it "
       "(it works with: raster, gebco_2025, usgs_3dep (1m), noaa_bluetopo, noaa_topobathy, "
       "usgs_lidar, ncei_bag, ncei_cudem)"},
  });
}

TEST(Refusal, of_project_types_that_are_none) {
  expect_all({
      {with_step("provider: noaa_topobathy\nfilter: {project_type: topobaty}\n"),
       "p.yaml:6:28: unknown project_type \"topobaty\"; did you mean \"topobathy\"?"},
      {with_step("provider: noaa_topobathy\nfilter: {project_type: lidar}\n"),
       "p.yaml:6:28: unknown project_type \"lidar\"; known: topobathy, topographic"},
      {with_root("defaults: {filter: {project_type: topografic}}\n"),
       "p.yaml:2:35: unknown project_type \"topografic\"; did you mean \"topographic\"?"},
  });
}

TEST(Refusal, of_patterns_that_do_not_compile) {
  const auto pattern = [](const std::string& text) {
    return refusal(with_step("provider: gebco\nfilter: {include_patterns: ['" + text + "']}\n"));
  };
  // What follows is the standard library's own explanation.
  const std::string place = "p.yaml:6:33: the pattern ";
  EXPECT_THAT(pattern("^("), ::testing::StartsWith(place + "\"^(\" is not a regular expression: "));
  EXPECT_THAT(pattern("(?i)[z-a]"),
              ::testing::StartsWith(place + "\"(?i)[z-a]\" is not a regular expression: "));
  EXPECT_THAT(pattern("^" + std::string(300, '(')), ::testing::HasSubstr("the limit is 256 bytes"));
  EXPECT_THAT(pattern("^((a{99}){99}){99}"), ::testing::HasSubstr("not a regular expression"));
  EXPECT_EQ(pattern("[*(not a regular expression"), "loaded");
  EXPECT_EQ(pattern("(?i)^h1[0-9]+$"), "loaded");
}

TEST(Refusal, of_names_and_targets) {
  const auto target = [](const std::string& name) {
    return with_step("provider: nasadem\nname: land\ntransitions: [{target: " + name +
                     ", operator: overwrite}]\n");
  };
  expect_all({
      {with_step("provider: nasadem\nname: a\n") + "  - provider: nasadem\n    name: a\n",
       "p.yaml:7:5: the step name \"a\" is taken by the step on line 5; choose another"},
      {with_step("provider: nasadem\nname: gebco\n"),
       "p.yaml:5:5: the step name \"gebco\" is the name of another provider; choose another"},
      {target("land"),
       "p.yaml:7:28: the transition target \"land\" is not below this step; steps run bottom-up"},
      {target("usgs_lidar"),
       "p.yaml:7:28: the transition target \"usgs_lidar\" is not below this step; steps run "
       "bottom-up"},
      {target("gebco_2052"),
       "p.yaml:7:28: unknown transition target \"gebco_2052\"; did you mean \"gebco_2025\"?"},
      {target("x"),
       "p.yaml:7:28: unknown transition target \"x\"; below this step are: gebco_2025"},
      {with_step("provider: nasadem\ntransitions: [{operator: overwrite}]\n"),
       "p.yaml:6:19: a transition needs the key \"target_provider\""},
      {with_step("provider: nasadem\ntransitions: [{target: gebco}]\n"),
       "p.yaml:6:19: a transition needs the key \"operator\""},
      {with_step("provider: nasadem\ntransitions: [{target: gebco, target_provider: raster}]\n"),
       "p.yaml:6:28: \"target_provider\" and \"target\" say different things; keep one"},
  });
}

}  // namespace
}  // namespace topobathy
