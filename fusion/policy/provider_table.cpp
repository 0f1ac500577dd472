#include "fusion/policy/provider_table.h"

#include <algorithm>

#include "fusion/error.h"
#include "fusion/policy/policy.h"

namespace topobathy {
namespace {

using Names = std::vector<std::string>;

bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// include_patterns, exclude_patterns and what else works with the provider.
std::vector<FilterUse> patterns(const std::string& on, std::vector<FilterUse> others = {},
                                const Names& products = {}) {
  others.insert(others.begin(),
                {{"include_patterns", on, products}, {"exclude_patterns", on, products}});
  return others;
}

}  // namespace

const std::vector<ProviderDeclaration>& provider_table() {
  static const std::vector<ProviderDeclaration> kTable = {
      {"raster",
       {},
       "local or remote raster files",
       {},
       patterns("file names without extension; survey ids where an attribute table names surveys")},
      {"gebco_2025",
       {"gebco"},
       "GEBCO 2025 global grid",
       {"sub_ice", "ice_surface"},
       patterns("how a pixel was found: `GEBCO 2025 (TID n)`"),
       {{"sub_ice_topo_bathymetry", "sub_ice"}}},
      {"usgs_3dep",
       {},
       "USGS 3D Elevation Program DEM",
       {"10m", "30m", "60m", "1m", "stac_10m", "stac_30m"},
       patterns("project names",
                {{"min_year", "year of publication", {"1m"}},
                 {"min_year", "year of the item", {"stac_10m", "stac_30m"}},
                 {"project_id", "project names", {"1m"}}},
                {"1m"})},
      {"copernicus_dsm", {}, "Copernicus DEM GLO-30 surface model", {"glo30", "glo90", "stac"}},
      {"nasadem", {}, "NASADEM", {"stac", "vrt"}},
      {"noaa_bluetopo",
       {},
       "NOAA BlueTopo",
       {"bluetopo", "modeling"},
       patterns("survey ids of contributors", {{"min_year", "survey dates of contributors"},
                                               {"max_resolution", "pixels of the tile"}}),
       {{"geotiff", "bluetopo"}}},
      {"noaa_topobathy",
       {},
       "NOAA topobathymetric lidar",
       {},
       patterns("folder names", {{"min_year", "last year of the survey"},
                                 {"max_resolution", "pixels as the catalogue states them"},
                                 {"project_id", "project numbers"},
                                 {"project_type", "`topobathy` (default) or `topographic`"}}),
       {{"job", ""}}},
      {"usgs_lidar",
       {},
       "USGS 3DEP lidar point clouds",
       {"copc", "copc_file", "ept"},
       patterns("survey names", {{"min_year", "year of the survey"},
                                 {"max_resolution", "finest pixels that the points bear"},
                                 {"project_id", "survey names"}})},
      {"ncei_bag",
       {},
       "NCEI BAG surveys",
       {},
       patterns("file names without .bag", {{"min_year", "year of the survey"},
                                            {"max_resolution", "pixels by the file's name"},
                                            {"project_id", "survey ids"}}),
       {{"bathymetry", ""}}},
      {"ncei_cudem",
       {},
       "NCEI CUDEM coastal tiles",
       {"ninth", "third", "hawaii_ninth", "puertorico_third"},
       patterns("file names without .tif", {{"min_year", "year of the edition"}}),
       {{"ninth_arc", "ninth"}}},
      {"jcu_gbr100", {"gbr100"}, "James Cook University gbr100 grid", {"100m"}},
      {"etopo_2022", {}, "NOAA NCEI ETOPO 2022 global relief"},
  };
  return kTable;
}

const ProviderDeclaration& provider_declaration(std::string_view canonical_name) {
  for (const ProviderDeclaration& provider : provider_table())
    if (provider.name == canonical_name) return provider;
  throw Error(ErrorCode::kInternal, "undeclared provider '" + std::string(canonical_name) + "'");
}

std::optional<std::string> canonical_provider(std::string_view name_or_alias) {
  for (const ProviderDeclaration& provider : provider_table())
    if (provider.name == name_or_alias || contains(provider.aliases, name_or_alias))
      return provider.name;
  return std::nullopt;
}

std::vector<std::string> provider_names_and_aliases() {
  Names all;
  for (const ProviderDeclaration& provider : provider_table()) {
    all.push_back(provider.name);
    all.insert(all.end(), provider.aliases.begin(), provider.aliases.end());
  }
  return all;
}

std::string product_of(const Step& step) {
  const Names& products = provider_declaration(step.provider).products;
  if (!step.product) return products.empty() ? "" : products.front();
  if (contains(products, *step.product)) return *step.product;
  throw Error(ErrorCode::kInternal,
              "undeclared product '" + *step.product + "' of '" + step.provider + "'", step.place);
}

bool filter_key_is_general(std::string_view key) {
  return key == "min_elevation" || key == "max_elevation" || key == "max_deviation" ||
         key == "max_depth_change" || key == "max_interpolation_gap_m";
}

bool filter_key_applies(const ProviderDeclaration& provider, std::string_view product,
                        std::string_view key) {
  if (filter_key_is_general(key)) return true;
  const auto& uses = provider.filter_keys;
  return std::any_of(uses.begin(), uses.end(), [&](const FilterUse& use) {
    return use.key == key && (use.products.empty() || contains(use.products, product));
  });
}

std::vector<std::string> filter_key_users(std::string_view key) {
  Names users;
  for (const ProviderDeclaration& provider : provider_table()) {
    std::string products;
    bool works = false;
    for (const FilterUse& use : provider.filter_keys) {
      if (use.key != key) continue;
      works = true;
      for (const std::string& product : use.products)
        products += (products.empty() ? "" : ", ") + product;
    }
    if (works) users.push_back(provider.name + (products.empty() ? "" : " (" + products + ")"));
  }
  return users;
}

}  // namespace topobathy
