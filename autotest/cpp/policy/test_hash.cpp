#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <set>

#include "fusion/policy/canonical.h"
#include "fusion/sha256.h"
#include "policy_text.h"

// The hash names cached pixels: the same for every way to say the same, another for everything that
// changes pixels.
namespace topobathy {
namespace {

std::string hash_of(const std::string& text) {
  return loaded(text).hash;
}

const char* kBase =
    "name: t\n"
    "version: '1'\n"
    "crs: EPSG:4326\n"
    "resolution: 30\n"
    "variables:\n"
    "- name: elevation\n"
    "  steps:\n"
    "  - provider: gebco_2025\n"
    "    name: low\n"
    "    operator: overwrite\n"
    "  - provider: raster\n"
    "    path: [a.tif]\n"
    "    operator: metric_feather\n"
    "    blend_distance: 200\n"
    "    transitions:\n"
    "    - {target_provider: low, operator: overwrite}\n";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  for (; at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

TEST(PolicyHash, is_the_sha256_of_the_canonical_json) {
  const Policy policy = loaded(kBase);
  EXPECT_EQ(policy.hash, sha256_hex(canonical_json(policy)));
}

TEST(PolicyHash, does_not_change_between_releases) {
  EXPECT_EQ(
      canonical_json(loaded("name: t\nvariables: [{steps: [{provider: gebco}]}]\n")),
      R"({"background":null,"crs":"EPSG:4326","extent":null,"overview":"mean","resolution":30.0,"steps":[)"
      R"({"background":null,"blend":{"blend_distance":0.0,"operator":"overwrite","weight":0.5},"files":null,)"
      R"("filter":{"exclude_patterns":[],"include_patterns":[],"max_depth_change":null,"max_deviation":null,)"
      R"("max_elevation":null,"max_interpolation_gap_m":null,"max_resolution":null,"min_elevation":null,)"
      R"("min_year":null,"project_id":[],"project_type":null},"on_error":"fail","product":"sub_ice",)"
      R"("provider":"gebco_2025","resampling":"auto","transitions":[],"uncertainty":null,"vertical_crs":null,)"
      R"("zone":null}],"vertical_crs":null,"zoom":null})");
  EXPECT_EQ(hash_of("name: t\nvariables: [{steps: [{provider: gebco}]}]\n"),
            "0e35a31063072bddbe0b00f60fe0c2d45196410f7ffe6867633252472fbab156");
}

TEST(PolicyHash, ignores_how_a_policy_is_said) {
  const std::pair<const char*, const char*> same[] = {
      {"name: t\n", "name: another\ndescription: words\n"},
      {"name: t\n", "# a comment\nname: 't'   # another\n"},
      {"version: '1'\n", ""},
      {"version: '1'\n", "version: 1.10\n"},
      {"crs: EPSG:4326\n", ""},
      {"crs: EPSG:4326", "crs: \"epsg:4326\""},
      {"resolution: 30\n", ""},
      {"resolution: 30\n", "resolution: 3.0e1\nextent: null\noverview: mean\n"},
      {"resolution: 30\n", "defaults: {resolution: 30}\n"},
      {"- name: elevation\n  steps:", "- steps:"},
      {"    operator: overwrite\n  -", "  -"},
      {"    operator: overwrite\n  -", "    operation: overwrite\n    description: base\n  -"},
      {"gebco_2025", "gebco"},
      {"gebco_2025", "gebco\n    product: sub_ice"},
      {"gebco_2025", "gebco\n    product: sub_ice_topo_bathymetry"},
      {"low", "lower"},
      {"path: [a.tif]", "path: a.tif"},
      {"path: [a.tif]", "path: ['a.tif']\n    name: top"},
      {"operator: metric_feather", "blend_mode: feather"},
      {"    blend_distance: 200\n",
       "    blend_distance: 200.0\n    filter: {}\n    on_error: fail\n"},
      {"target_provider: low", "target: low"},
      {"\n", "\r\n"},
  };
  const std::string hash = hash_of(kBase);
  for (const auto& [from, to] : same)
    EXPECT_EQ(hash_of(replaced(kBase, from, to)), hash) << to;
}

TEST(PolicyHash, ignores_key_order_and_the_choice_of_yaml_or_json) {
  const char* json =
      R"({"variables": [{"steps": [{"operation": "overwrite", "name": "low", "provider": "gebco"},)"
      R"({"transitions": [{"operator": "overwrite", "target": "low"}], "blend_distance": 2e2,)"
      R"("operator": "metric_feather", "path": "a.tif", "provider": "raster"}]}], "name": "j"})";
  EXPECT_EQ(hash_of(json), hash_of(kBase));
}

TEST(PolicyHash, ignores_file_and_directory) {
  EXPECT_EQ(load_policy(kBase, "other.yaml", "/elsewhere").hash, hash_of(kBase));
}

TEST(PolicyHash, changes_with_everything_that_changes_pixels) {
  const std::pair<const char*, const char*> different[] = {
      {"crs: EPSG:4326", "crs: EPSG:32618"},
      {"resolution: 30", "resolution: 30.000000000000004"},
      {"resolution: 30", "resolution: 30\nextent: [0, 0, 1, 1]"},
      {"resolution: 30", "resolution: 30\nextent: [0, 0, 1, 1.0000000000000002]"},
      {"resolution: 30", "resolution: 30\nvertical_crs: EPSG:5703"},
      {"resolution: 30", "resolution: 30\noverview: shoalest"},
      {"crs: EPSG:4326\nresolution: 30", "crs: EPSG:3857\nresolution: 30"},
      {"crs: EPSG:4326\nresolution: 30", "crs: EPSG:3857\nzoom: 12"},
      {"resolution: 30", "resolution: 30\non_error: skip"},
      {"- name: elevation", "- name: elevation\n  background: 0"},
      {"gebco_2025", "nasadem"},
      {"    name: low", "    name: low\n    product: ice_surface"},
      {"    name: low", "    name: low\n    background: 0"},
      {"    name: low", "    name: low\n    background: 1"},
      {"    name: low", "    name: low\n    vertical_crs: EPSG:5703"},
      {"    name: low", "    name: low\n    vertical: assume"},
      {"    name: low", "    name: low\n    uncertainty: 0"},
      {"    name: low", "    name: low\n    uncertainty: {depth_factor: 0.1}"},
      {"    name: low", "    name: low\n    on_error: skip"},
      {"    name: low", "    name: low\n    resampling: nearest"},
      {"    name: low", "    name: low\n    resampling: average"},
      {"    name: low", "    name: low\n    zone: [0, 0, 1, 1]"},
      {"    name: low", "    name: low\n    zone: [0, 0, 1, 2]"},
      {"    name: low", "    name: low\n    zone: {type: polygon, coords: [0, 0, 1, 0, 1, 1]}"},
      {"    name: low", "    name: low\n    filter: {min_elevation: 0}"},
      {"    name: low", "    name: low\n    filter: {max_elevation: 0}"},
      {"    name: low", "    name: low\n    filter: {max_deviation: 1}"},
      {"    name: low", "    name: low\n    filter: {max_depth_change: 1}"},
      {"    name: low", "    name: low\n    filter: {max_interpolation_gap_m: 1}"},
      {"    name: low", "    name: low\n    filter: {include_patterns: a}"},
      {"    name: low", "    name: low\n    filter: {exclude_patterns: a}"},
      {"gebco_2025", "noaa_topobathy"},
      {"gebco_2025", "noaa_topobathy\n    filter: {min_year: 2000}"},
      {"gebco_2025", "noaa_topobathy\n    filter: {max_resolution: 1}"},
      {"gebco_2025", "noaa_topobathy\n    filter: {project_id: a}"},
      {"gebco_2025", "noaa_topobathy\n    filter: {project_type: topographic}"},
      {"    operator: overwrite\n  -", "    operator: linear_blend\n  -"},
      {"    operator: overwrite\n  -", "    operator: linear_blend\n    weight: 0.4\n  -"},
      {"blend_distance: 200", "blend_distance: 201"},
      {"[a.tif]", "[b.tif]"},
      {"[a.tif]", "[a.tif, b.tif]"},
      {"[a.tif]", "[b.tif, a.tif]"},
      {"path: [a.tif]", "glob: a.tif"},
      {"path: [a.tif]", "index: a.tif"},
      {"path: [a.tif]", "index: a.tif\n    location_field: f"},
      {"path: [a.tif]", "path: a.tif\n    crs: EPSG:32618"},
      {"path: [a.tif]", "path: a.tif\n    allow_vrt: true"},
      {"low, operator: overwrite", "low, operator: linear_blend"},
      {"low, operator: overwrite", "low, operator: linear_blend, weight: 0.1"},
      {"low, operator: overwrite", "low, operator: metric_feather, blend_distance: 1"},
      {"    transitions:\n    - {target_provider: low, operator: overwrite}\n", ""},
  };
  std::set<std::string> hashes = {hash_of(kBase)};
  for (const auto& [from, to] : different) {
    EXPECT_TRUE(hashes.insert(hash_of(replaced(kBase, from, to))).second) << to;
  }
}

TEST(PolicyHash, changes_with_the_order_of_steps_and_the_step_that_is_meant) {
  const auto two = [](const char* first, const char* second, const char* target) {
    return hash_of(policy_with("", std::string("  - {provider: raster, name: a, path: ") + first +
                                       "}\n  - {provider: raster, name: b, path: " + second +
                                       "}\n  - {provider: gebco, transitions: [{target: " + target +
                                       ", operator: linear_blend}]}\n"));
  };
  const std::set<std::string> hashes = {two("x", "y", "a"), two("y", "x", "a"), two("x", "y", "b"),
                                        two("y", "x", "b"), two("x", "y", "raster")};
  EXPECT_EQ(hashes.size(), 5u);
}

}  // namespace
}  // namespace topobathy
