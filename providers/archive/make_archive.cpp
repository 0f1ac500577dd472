#include <map>

#include "providers/archive/archive.h"
#include "providers/copernicus_dsm/copernicus_dsm.h"
#include "providers/nasadem/nasadem.h"
#include "providers/usgs_3dep/usgs_3dep.h"
#include "providers/usgs_lidar/usgs_lidar.h"

namespace topobathy {

std::unique_ptr<Archive> make_archive(const std::string& provider, const ArchiveSetup& setup) {
  using Factory = std::unique_ptr<Archive> (*)(const ArchiveSetup&);
  static const std::map<std::string, Factory> kFactories{
      {"usgs_3dep", make_usgs_3dep},
      {"copernicus_dsm", make_copernicus_dsm},
      {"nasadem", make_nasadem},
      {"usgs_lidar", make_usgs_lidar},
  };
  const auto found = kFactories.find(provider);
  return found == kFactories.end() ? nullptr : found->second(setup);
}

}  // namespace topobathy
