#include <gmock/gmock.h>

#include <string>

#include "refusal_table.h"

// Every refusal with its whole message: file:line:column, what is wrong, what to do.
namespace topobathy {
namespace {

TEST(Refusal, of_text_that_is_no_policy) {
  expect_all({
      {"", "p.yaml: the policy is empty"},
      {"# nothing\n", "p.yaml: the policy is empty"},
      {"~", "p.yaml: the policy is empty"},
      {"[1]", "p.yaml:1:1: \"policy\" must be a map, not a list"},
      {"just words", "p.yaml:1:1: \"policy\" must be a map, not the text \"just words\""},
      {"name: a\n  b: c\n", "p.yaml:2:4: not valid YAML: illegal map value"},
      {"name: [1, 2\nb: 3", "p.yaml:2:2: not valid YAML: end of sequence flow not found"},
      {"name: a\n---\nname: b\n",
       "p.yaml:2:1: a policy is one YAML document; remove the second one"},
      {"name: \xFF", "p.yaml:1:1: the text is not UTF-8; save the file as UTF-8"},
      {"name: a\nb: \xC3(\n", "p.yaml:2:1: the text is not UTF-8; save the file as UTF-8"},
      {"\xFF\xFEn\0a\0", "p.yaml:1:1: the text is not UTF-8; save the file as UTF-8"},
      {"name: a\nb: \x04 c", "p.yaml:2:4: the text holds the control character U+0004; remove it"},
      {std::string("na\0me: a", 8),
       "p.yaml:1:3: the text holds the control character U+0000; remove it"},
  });
}

TEST(Refusal, of_yaml_that_is_more_than_values) {
  const char* anchor =
      "p.yaml:1:7: anchors and aliases (& and *) are not allowed; write the value out";
  expect_all({
      {"name: &a x\n", anchor},
      {"name: *a\n", anchor},
      {"name: &a ~\n", anchor},
      {"name: &x [*x]\n", anchor},
      {"name: !!str 5\n", "p.yaml:1:7: the tag tag:yaml.org,2002:str is not allowed; remove it"},
      {"name: !x {}\n", "p.yaml:1:7: the tag !x is not allowed; remove it"},
      {"? [a]\n: b\n", "p.yaml:1:3: a key must be a plain word"},
      {"? {a: b}\n: b\n", "p.yaml:1:3: a key must be a plain word"},
      {"~: b\n", "p.yaml:1:1: a key must be a plain word"},
      {"name: a\ncrs: b\n'name': c\n",
       "p.yaml:3:1: the key \"name\" is here twice; the first is on line 1"},
  });
}

TEST(Refusal, of_unknown_keys_names_the_nearest) {
  expect_all({
      {with_root("resolutoin: 30\n"),
       "p.yaml:2:1: unknown key \"resolutoin\" in the policy; did you mean \"resolution\"?"},
      {with_root("path: a.tif\n"),
       "p.yaml:2:1: unknown key \"path\" in the policy; it belongs to a step"},
      {with_root("qwertyuiop: 1\n"),
       "p.yaml:2:1: unknown key \"qwertyuiop\" in the policy; known keys: name, version, "
       "description, "
       "defaults, crs, resolution, zoom, extent, vertical_crs, overview, on_error, variables"},
      {with_root("defaults: {weigth: 1}\n"),
       "p.yaml:2:12: unknown key \"weigth\" in defaults; did you mean \"weight\"?"},
      {with_step("provider: gebco\nOperator: overwrite\n"),
       "p.yaml:6:5: unknown key \"Operator\" in a step; did you mean \"operator\"?"},
      {with_step("provider: gebco\nmin_elevation: 1\n"),
       "p.yaml:6:5: unknown key \"min_elevation\" in a step; it belongs to a filter"},
      {with_step("provider: gebco\nfilter: {min_elevaton: 1}\n"),
       "p.yaml:6:14: unknown key \"min_elevaton\" in a filter; did you mean \"min_elevation\"?"},
      {"name: t\nvariables: [{stpes: []}]",
       "p.yaml:2:14: unknown key \"stpes\" in a variable; did you mean \"steps\"?"},
      {"<<: {name: t}\n",
       "p.yaml:1:1: unknown key \"<<\" in the policy; known keys: name, version, description, "
       "defaults, "
       "crs, resolution, zoom, extent, vertical_crs, overview, on_error, variables"},
  });
}

TEST(Refusal, of_unknown_values_names_the_nearest) {
  expect_all({
      {with_step("provider: noaa_blutopo\n"),
       "p.yaml:5:15: unknown provider \"noaa_blutopo\"; did you mean \"noaa_bluetopo\"?"},
      {with_step("provider: emodnet\n"),
       "p.yaml:5:15: unknown provider \"emodnet\"; known: raster, gebco_2025, gebco, usgs_3dep, "
       "copernicus_dsm, nasadem, noaa_bluetopo, noaa_topobathy, usgs_lidar, ncei_bag, ncei_cudem, "
       "jcu_gbr100, gbr100, etopo_2022"},
      {with_step("provider: gebco\noperator: metric_fether\n"),
       "p.yaml:6:15: unknown operator \"metric_fether\"; did you mean \"metric_feather\"?"},
      {with_step("provider: gebco\noperation: blend\n"),
       "p.yaml:6:16: unknown operation \"blend\"; known: overwrite, metric_feather, linear_blend"},
      {with_step("provider: gebco\nresampling: lanczos\n"),
       "p.yaml:6:17: unknown resampling \"lanczos\"; known: auto, nearest, bilinear, cubic, "
       "average"},
      {with_root("overview: shoal\n"),
       "p.yaml:2:11: unknown overview \"shoal\"; known: mean, shoalest"},
      {with_root("on_error: skp\n"),
       "p.yaml:2:11: unknown on_error \"skp\"; did you mean \"skip\"?"},
      {with_root("on_error: ignore\n"),
       "p.yaml:2:11: unknown on_error \"ignore\"; known: fail, skip"},
      {with_step("provider: gebco\nzone: {type: circle, coords: []}\n"),
       "p.yaml:6:18: unknown type \"circle\"; known: bbox, polygon"},
      {with_step("provider: gebco\nblend_mode: hard\n"),
       "p.yaml:6:17: unknown blend_mode \"hard\"; known: linear, feather"},
  });
}

TEST(Refusal, of_what_other_readers_would_guess) {
  expect_all({
      {with_root("resolution: 010\n"),
       "p.yaml:2:13: \"resolution\" must be a number above 0, in plain digits, not the number 010"},
      {with_root("resolution: 0x1F\n"),
       "p.yaml:2:13: \"resolution\" must be a number above 0, in plain digits, not the number "
       "0x1F"},
      {with_root("resolution: 1_000\n"),
       "p.yaml:2:13: \"resolution\" must be a number above 0, in plain digits, not the number "
       "1_000"},
      {with_root("resolution: 1:30\n"),
       "p.yaml:2:13: \"resolution\" must be a number above 0, in plain digits, not the number "
       "1:30"},
      {with_root("resolution: .inf\n"),
       "p.yaml:2:13: \"resolution\" must be a number above 0, in plain digits, not the number "
       ".inf"},
      {with_root("resolution: NaN\n"),
       "p.yaml:2:13: \"resolution\" must be a number above 0, in plain digits, not the number NaN"},
      {with_root("resolution: 1e999\n"),
       "p.yaml:2:13: \"resolution\" must be a number above 0, in plain digits, not the text "
       "\"1e999\""},
      {with_root("resolution: 30m\n"),
       "p.yaml:2:13: \"resolution\" must be a number above 0, in plain digits, not the text "
       "\"30m\""},
      {with_root("resolution: '30'\n"),
       "p.yaml:2:13: \"resolution\" must be a number above 0, in plain digits, not the text "
       "\"30\""},
      {with_root("resolution: [30]\n"),
       "p.yaml:2:13: \"resolution\" must be a number above 0, in plain digits, not a list"},
      {with_root("crs: 4326\n"), "p.yaml:2:6: \"crs\" must be text in quotes, not the number 4326"},
      {with_root("crs: no\n"), "p.yaml:2:6: \"crs\" must be text in quotes, not the plain word no"},
      {with_root("version: on\n"),
       "p.yaml:2:10: \"version\" must be text in quotes, not the plain word on"},
      {with_root("version: [1]\n"), "p.yaml:2:10: \"version\" must be text, not a list"},
      {with_root("crs: ''\n"),
       "p.yaml:2:6: \"crs\" must be text that is not empty, not the text \"\""},
      {with_step("provider: raster\npath: a\nallow_vrt: yes\n"),
       "p.yaml:7:16: \"allow_vrt\" must be true or false, not the plain word yes"},
      {with_step("provider: raster\npath: [a, 7]\n"),
       "p.yaml:6:15: \"path\" must be text in quotes, not the number 7"},
      {with_step("provider: raster\npath: {a: b}\n"),
       "p.yaml:6:11: \"path\" must be text, not a map"},
  });
}

TEST(Refusal, of_numbers_out_of_range) {
  expect_all({
      {with_root("resolution: 0\n"),
       "p.yaml:2:13: \"resolution\" must be a number above 0, not the number 0"},
      {with_root("resolution: -5\n"),
       "p.yaml:2:13: \"resolution\" must be a number above 0, not the number -5"},
      {with_root("crs: EPSG:3857\nzoom: 31\n"),
       "p.yaml:3:7: \"zoom\" must be a whole number from 0 to 30, not the number 31"},
      {with_root("crs: EPSG:3857\nzoom: 12.0\n"),
       "p.yaml:3:7: \"zoom\" must be a whole number, in plain digits, not the number 12.0"},
      {with_step("provider: gebco\noperator: linear_blend\nweight: 1.5\n"),
       "p.yaml:7:13: \"weight\" must be a number from 0 to 1, not the number 1.5"},
      {with_step("provider: gebco\noperator: metric_feather\nblend_distance: -1\n"),
       "p.yaml:7:21: \"blend_distance\" must be a number from 0, not the number -1"},
      {with_step("provider: gebco\nuncertainty: -1\n"),
       "p.yaml:6:18: \"uncertainty\" must be a number from 0, not the number -1"},
      {with_step("provider: gebco\nfilter: {min_elevation: 5, max_elevation: -5}\n"),
       "p.yaml:6:13: \"min_elevation\" (5) is above \"max_elevation\" (-5)"},
  });
}

TEST(Refusal, of_a_root_that_does_not_fit) {
  expect_all({
      {"crs: EPSG:4326\n", "p.yaml:1:1: the policy needs the key \"name\""},
      {"name:\nvariables: []\n", "p.yaml:1:1: the policy needs the key \"name\""},
      {"name: t\n", "p.yaml:1:1: the policy needs the key \"variables\""},
      {"name: t\nvariables: []\n",
       "p.yaml:2:12: \"variables\" must be a list with one variable, not an empty list"},
      {"name: t\nvariables: {}\n", "p.yaml:2:12: \"variables\" must be a list, not a map"},
      {"name: t\nvariables:\n- name: depth\n  steps: []\n",
       "p.yaml:3:9: variable \"depth\" is not supported; a policy makes one variable, "
       "\"elevation\""},
      {"name: t\nvariables:\n- steps: [{provider: gebco}]\n- steps: []\n",
       "p.yaml:4:3: a policy makes one variable, \"elevation\"; remove this second one"},
      {"name: t\nvariables:\n- name: elevation\n",
       "p.yaml:3:3: a variable needs the key \"steps\""},
      {"name: t\nvariables:\n- steps: []\n",
       "p.yaml:3:10: \"steps\" is empty; give at least one step, or the variable a background"},
      {with_root("zoom: 12\n"),
       "p.yaml:2:7: \"zoom\" needs crs: EPSG:3857; with EPSG:4326 give a resolution in metres"},
      {with_root("crs: EPSG:3857\nzoom: 12\nresolution: 30\n"),
       "p.yaml:3:7: \"resolution\" and \"zoom\" exclude each other; keep one"},
      {with_root("crs: EPSG:3857\nzoom: 12\ndefaults: {resolution: 30}\n"),
       "p.yaml:3:7: \"resolution\" and \"zoom\" exclude each other; keep one"},
  });
}

TEST(Refusal, of_inline_text_says_policy_for_the_file) {
  try {
    load_policy("name: 5", "", "");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "policy:1:1: the policy needs the key \"variables\"");
    EXPECT_EQ(error.place().line, 1);
  }
}

TEST(Refusal, keeps_long_and_odd_values_out_of_messages) {
  EXPECT_EQ(
      refusal(with_root("overview: \"" + std::string(1000, 'a') + "\\n\"\n")),
      "p.yaml:2:11: unknown overview \"" + std::string(40, 'a') + "...\"; known: mean, shoalest");
  EXPECT_EQ(refusal(with_root("overview: \"a\\nb\"\n")),
            "p.yaml:2:11: unknown overview \"a b\"; known: mean, shoalest");
  EXPECT_THAT(refusal(with_root("overview: \"" + std::string(39, 'a') + "\xC3\xA9\xC3\xA9\"\n")),
              ::testing::HasSubstr(std::string(39, 'a') + "...\""));
}

}  // namespace
}  // namespace topobathy
