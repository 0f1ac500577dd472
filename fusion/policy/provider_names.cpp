#include "fusion/policy/provider_names.h"

#include <algorithm>

namespace topobathy {

const std::vector<ProviderName>& provider_names() {
  static const std::vector<ProviderName> kNames = {
      {"raster", {}, "local or remote raster files"},
      {"gebco_2025", {"gebco"}, "GEBCO 2025 global grid"},
      {"usgs_3dep", {}, "USGS 3D Elevation Program DEM"},
      {"copernicus_dsm", {}, "Copernicus DEM GLO-30 surface model"},
      {"nasadem", {}, "NASADEM"},
      {"noaa_bluetopo", {}, "NOAA BlueTopo"},
      {"noaa_topobathy", {}, "NOAA topobathymetric lidar"},
      {"usgs_lidar", {}, "USGS 3DEP lidar point clouds"},
      {"ncei_bag", {}, "NCEI BAG surveys"},
      {"ncei_cudem", {}, "NCEI CUDEM coastal tiles"},
      {"jcu_gbr100", {"gbr100"}, "James Cook University gbr100 grid"},
      {"etopo_2022", {}, "NOAA NCEI ETOPO 2022 global relief"},
  };
  return kNames;
}

std::optional<std::string> canonical_provider(std::string_view name_or_alias) {
  for (const ProviderName& provider : provider_names()) {
    const auto& aliases = provider.aliases;
    if (provider.name == name_or_alias ||
        std::find(aliases.begin(), aliases.end(), name_or_alias) != aliases.end()) {
      return provider.name;
    }
  }
  return std::nullopt;
}

std::vector<std::string> provider_names_and_aliases() {
  std::vector<std::string> all;
  for (const ProviderName& provider : provider_names()) {
    all.push_back(provider.name);
    all.insert(all.end(), provider.aliases.begin(), provider.aliases.end());
  }
  return all;
}

bool filter_key_applies(std::string_view canonical_provider, std::string_view key) {
  if (canonical_provider != kRasterProvider) return true;
  return key != "min_year" && key != "max_resolution" && key != "project_id" &&
         key != "project_type";
}

}  // namespace topobathy
