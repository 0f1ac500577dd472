#include <map>

#include "providers/archive/archive.h"
#include "providers/copernicus_dsm/copernicus_dsm.h"
#include "providers/etopo_2022/etopo_archive.h"
#include "providers/gebco/gebco_archive.h"
#include "providers/jcu_gbr100/gbr_archive.h"
#include "providers/nasadem/nasadem.h"
#include "providers/ncei_bag/bag_archive.h"
#include "providers/ncei_cudem/cudem_archive.h"
#include "providers/noaa_bluetopo/bluetopo_archive.h"
#include "providers/noaa_topobathy/topobathy_archive.h"
#include "providers/usgs_3dep/usgs_3dep.h"
#include "providers/usgs_lidar/usgs_lidar.h"

namespace topobathy {
namespace {

using Factory = std::unique_ptr<Archive> (*)(const ArchiveSetup&);

template <class Kind>
std::unique_ptr<Archive> make(const ArchiveSetup& setup) {
  return std::make_unique<Kind>(setup);
}

/// One line a provider; the name is that of fusion/policy/provider_table.cpp.
const std::map<std::string, Factory>& factories() {
  static const std::map<std::string, Factory> kAll = {
      {"copernicus_dsm", make_copernicus_dsm},
      {"etopo_2022", make<EtopoArchive>},
      {"gebco_2025", make<GebcoArchive>},
      {"jcu_gbr100", make<GbrArchive>},
      {"nasadem", make_nasadem},
      {"ncei_bag", make_ncei_bag},
      {"ncei_cudem", make<CudemArchive>},
      {"noaa_bluetopo", make_bluetopo},
      {"noaa_topobathy", make<TopobathyArchive>},
      {"usgs_3dep", make_usgs_3dep},
      {"usgs_lidar", make_usgs_lidar},
  };
  return kAll;
}

}  // namespace

std::unique_ptr<Archive> make_archive(const std::string& provider, const ArchiveSetup& setup) {
  const auto found = factories().find(provider);
  return found == factories().end() ? nullptr : found->second(setup);
}

}  // namespace topobathy
