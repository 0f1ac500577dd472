#include <map>

#include "providers/archive/archive.h"
#include "providers/copernicus_dsm/copernicus_dsm.h"
#include "providers/nasadem/nasadem.h"
#include "providers/usgs_3dep/usgs_3dep.h"

namespace topobathy {

std::unique_ptr<Archive> make_archive(const std::string& provider, const ArchiveSetup& setup) {
  using Factory = std::unique_ptr<Archive> (*)(const ArchiveSetup&);
  static const std::map<std::string, Factory> kFactories{
      {"usgs_3dep", make_usgs_3dep},
      {"copernicus_dsm", make_copernicus_dsm},
      {"nasadem", make_nasadem},
  };
  const auto found = kFactories.find(provider);
  return found == kFactories.end() ? nullptr : found->second(setup);
}

}  // namespace topobathy
