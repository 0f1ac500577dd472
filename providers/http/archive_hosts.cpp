#include "providers/http/endpoints.h"

namespace topobathy {

const std::vector<std::string>& archive_hosts() {
  // Never destroyed: threads may still look at it while the process ends.
  static const std::vector<std::string>& hosts = *new std::vector<std::string>{
      // BlueTopo
      "noaa-ocs-nationalbathymetry-pds.s3.amazonaws.com",
      // NCEI hydrographic surveys
      "services2.arcgis.com",
      "www.ngdc.noaa.gov",
      "data.ngdc.noaa.gov",
      "gis.ngdc.noaa.gov",
      "surveys.ngdc.noaa.gov",
      // Coastal lidar, its DEMs and CUDEM
      "noaa-nos-coastal-lidar-pds.s3.amazonaws.com",
      "coast.noaa.gov",
      "chs.coast.noaa.gov",
      "www.fisheries.noaa.gov",
      // 3DEP and its point clouds
      "prd-tnm.s3.amazonaws.com",
      "tnmaccess.nationalmap.gov",
      "usgs-lidar-public.s3.amazonaws.com",
      "usgs-lidar-public.s3.us-west-2.amazonaws.com",
      "s3-us-west-2.amazonaws.com",
      "s3.amazonaws.com",
      "raw.githubusercontent.com",
      // Planetary Computer and what it links to
      "planetarycomputer.microsoft.com",
      "*.blob.core.windows.net",
      // Copernicus, NASADEM
      "copernicus-dem-30m.s3.amazonaws.com",
      "copernicus-dem-90m.s3.amazonaws.com",
      "opentopography.s3.sdsc.edu",
      // GEBCO, Great Barrier Reef
      "dap.ceda.ac.uk",
      "files.ausseabed.gov.au",
      // Vertical datums
      "vdatum.noaa.gov",
      "cdn.proj.org",
      "noaa-nos-stofs2d-pds.s3.amazonaws.com",
  };
  return hosts;
}

}  // namespace topobathy
