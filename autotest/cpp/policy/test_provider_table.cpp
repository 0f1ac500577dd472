#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "fusion/policy/options.h"
#include "fusion/policy/policy.h"
#include "fusion/policy/provider_table.h"
#include "policy_text.h"

namespace topobathy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Of each provider (and product, where there are several): the limited filter keys that work.
/// `p` patterns, `y` min_year, `r` max_resolution, `i` project_id, `t` project_type.
struct Honoured {
  const char* provider;
  const char* product;
  const char* keys;
};
constexpr Honoured kHonoured[] = {
    {"raster", "", "p"},
    {"gebco_2025", "sub_ice", "p"},
    {"gebco_2025", "ice_surface", "p"},
    {"usgs_3dep", "10m", ""},
    {"usgs_3dep", "30m", ""},
    {"usgs_3dep", "60m", ""},
    {"usgs_3dep", "1m", "pyi"},
    {"usgs_3dep", "stac_10m", "y"},
    {"usgs_3dep", "stac_30m", "y"},
    {"copernicus_dsm", "glo30", ""},
    {"copernicus_dsm", "glo90", ""},
    {"copernicus_dsm", "stac", ""},
    {"nasadem", "stac", ""},
    {"nasadem", "vrt", ""},
    {"noaa_bluetopo", "bluetopo", "pyr"},
    {"noaa_bluetopo", "modeling", "pyr"},
    {"noaa_topobathy", "", "pyrit"},
    {"usgs_lidar", "copc", "pyri"},
    {"usgs_lidar", "copc_file", "pyri"},
    {"usgs_lidar", "ept", "pyri"},
    {"ncei_bag", "", "pyri"},
    {"ncei_cudem", "ninth", "py"},
    {"ncei_cudem", "third", "py"},
    {"ncei_cudem", "hawaii_ninth", "py"},
    {"ncei_cudem", "puertorico_third", "py"},
    {"jcu_gbr100", "100m", ""},
    {"etopo_2022", "", ""},
};

struct LimitedKey {
  char letter;
  const char* key;
  const char* value;
};
constexpr LimitedKey kLimitedKeys[] = {
    {'p', "include_patterns", "'*'"}, {'p', "exclude_patterns", "a"},
    {'y', "min_year", "2000"},        {'r', "max_resolution", "2"},
    {'i', "project_id", "a"},         {'t', "project_type", "topographic"}};

std::string step_of(const Honoured& row, const std::string& filter) {
  const std::string product = *row.product ? std::string(", product: ") + row.product : "";
  const std::string files = row.provider == kRasterProvider ? ", path: a.tif" : "";
  return "  - {provider: " + std::string(row.provider) + product + files + ", filter: " + filter +
         "}\n";
}

TEST(ProviderTable, has_these_products_the_default_first) {
  std::vector<std::string> declared, expected;
  for (const ProviderDeclaration& provider : provider_table()) {
    if (provider.products.empty()) declared.push_back(provider.name + " ");
    for (const std::string& product : provider.products)
      declared.push_back(provider.name + " " + product);
  }
  for (const Honoured& row : kHonoured)
    expected.push_back(std::string(row.provider) + " " + row.product);
  EXPECT_EQ(declared, expected);
}

TEST(ProviderTable, speaks_of_keys_and_products_that_exist) {
  for (const ProviderDeclaration& provider : provider_table()) {
    const auto has_product = [&](const std::string& product) {
      const auto& all = provider.products;
      return std::find(all.begin(), all.end(), product) != all.end();
    };
    for (const FilterUse& use : provider.filter_keys) {
      EXPECT_NE(filter_section().find(use.key), nullptr) << use.key;
      EXPECT_FALSE(filter_key_is_general(use.key));
      for (const std::string& product : use.products)
        EXPECT_TRUE(has_product(product)) << product;
    }
    for (const auto& [old_name, product] : provider.old_products) {
      EXPECT_FALSE(has_product(old_name)) << old_name;
      EXPECT_TRUE(product.empty() ? provider.products.empty() : has_product(product)) << product;
    }
  }
}

TEST(ProviderTable, knows_every_filter_key) {
  std::set<std::string> limited;
  for (const LimitedKey& limit : kLimitedKeys)
    limited.insert(limit.key);
  for (const Option& option : filter_section().options)
    EXPECT_NE(filter_key_is_general(option.key), limited.count(option.key) > 0) << option.key;
}

TEST(FilterKeys, that_look_at_values_work_with_everything) {
  const std::string filter =
      "{min_elevation: -5, max_elevation: 5, max_deviation: 1, max_depth_change: 1, "
      "max_interpolation_gap_m: 1}";
  for (const Honoured& row : kHonoured)
    EXPECT_EQ(refusal(policy_with("", step_of(row, filter))), "loaded") << row.provider;
}

TEST(FilterKeys, are_refused_where_they_have_no_meaning) {
  for (const Honoured& row : kHonoured)
    for (const LimitedKey& limit : kLimitedKeys) {
      const std::string filter = std::string("{") + limit.key + ": " + limit.value + "}";
      const std::string text = policy_with("", step_of(row, filter));
      const bool works = std::string(row.keys).find(limit.letter) != std::string::npos;
      if (works)
        EXPECT_EQ(refusal(text), "loaded") << text;
      else
        EXPECT_THAT(refusal(text), HasSubstr(std::string(": \"") + limit.key + "\" has no meaning"))
            << text;
    }
}

TEST(FilterKeys, without_meaning_pass_by_when_they_are_inherited) {
  const std::string root =
      "defaults: {filter: {include_patterns: 'H*', exclude_patterns: a, min_year: 2000, "
      "max_resolution: 2, project_id: a, project_type: topographic, max_deviation: 3}}\n";
  for (const Honoured& row : kHonoured) {
    const Filter filter = loaded(policy_with(root, step_of(row, "{}"))).steps[0].filter;
    const auto works = [&](char letter) {
      return std::string(row.keys).find(letter) != std::string::npos;
    };
    const std::string where = std::string(row.provider) + " " + row.product;
    EXPECT_EQ(filter.max_deviation, 3.0) << where;
    EXPECT_EQ(!filter.include_patterns.empty(), works('p')) << where;
    EXPECT_EQ(!filter.exclude_patterns.empty(), works('p')) << where;
    EXPECT_EQ(filter.min_year.has_value(), works('y')) << where;
    EXPECT_EQ(filter.max_resolution.has_value(), works('r')) << where;
    EXPECT_EQ(!filter.project_ids.empty(), works('i')) << where;
    EXPECT_EQ(filter.project_type.has_value(), works('t')) << where;
  }
}

TEST(FilterKeys, that_are_switched_off_are_no_error) {
  EXPECT_EQ(refusal(with_step("provider: nasadem\nfilter: {min_year: ~}\n")), "loaded");
}

TEST(FilterKeys, tell_who_understands_them) {
  EXPECT_THAT(filter_key_users("min_year"),
              ElementsAre("usgs_3dep (1m, stac_10m, stac_30m)", "noaa_bluetopo", "noaa_topobathy",
                          "usgs_lidar", "ncei_bag", "ncei_cudem"));
  EXPECT_THAT(filter_key_users("project_type"), ElementsAre("noaa_topobathy"));
}

TEST(Products, are_the_default_where_the_step_states_none) {
  const auto product = [](const std::string& step) {
    return loaded(with_step(step)).steps[1].product;
  };
  EXPECT_EQ(product("provider: usgs_3dep\n"), "10m");
  EXPECT_EQ(product("provider: usgs_3dep\nproduct: ~\n"), "10m");
  EXPECT_EQ(product("provider: usgs_3dep\nproduct: 1m\n"), "1m");
  EXPECT_EQ(product("provider: ncei_bag\n"), std::nullopt);
  EXPECT_EQ(product("provider: raster\npath: a\nproduct: ~\n"), std::nullopt);
}

TEST(Products, are_known_by_their_old_names) {
  const auto product = [](const std::string& provider, const std::string& name) {
    return loaded(with_step("provider: " + provider + "\nproduct: " + name + "\n"))
        .steps[1]
        .product;
  };
  EXPECT_EQ(product("gebco", "sub_ice_topo_bathymetry"), "sub_ice");
  EXPECT_EQ(product("ncei_cudem", "ninth_arc"), "ninth");
  EXPECT_EQ(product("noaa_bluetopo", "geotiff"), "bluetopo");
  EXPECT_EQ(product("noaa_topobathy", "job"), std::nullopt);
  EXPECT_EQ(product("ncei_bag", "bathymetry"), std::nullopt);
}

TEST(Products, of_a_step_that_was_made_by_hand) {
  Step step;
  step.provider = "nasadem";
  EXPECT_EQ(product_of(step), "stac");
  step.product = "vrt";
  EXPECT_EQ(product_of(step), "vrt");
  step.product = "zip";
  EXPECT_THROW(product_of(step), Error);
  step.provider = "ncei_bag";
  step.product.reset();
  EXPECT_EQ(product_of(step), "");
}

}  // namespace
}  // namespace topobathy
