#include "driver/registration.h"

#include <gdal_priv.h>

#include <memory>

#include "driver/identify.h"
#include "driver/open.h"
#include "driver/open_options.h"
#include "providers/shared_state.h"

namespace topobathy {
namespace {

constexpr char kDriverName[] = "TOPOBATHY";

void declare(GDALDriver& driver) {
  driver.SetDescription(kDriverName);
  driver.SetMetadataItem(GDAL_DCAP_RASTER, "YES");
  driver.SetMetadataItem(GDAL_DCAP_OPEN, "YES");
  driver.SetMetadataItem(GDAL_DCAP_VIRTUALIO, "YES");
  driver.SetMetadataItem(GDAL_DMD_LONGNAME, "Topobathymetric fusion policy");
  driver.SetMetadataItem(GDAL_DMD_HELPTOPIC, "docs/driver.md");
  // Compound on purpose: a plain "yaml" would list every YAML file as a raster in QGIS. Identify
  // does not need the extension.
  driver.SetMetadataItem(GDAL_DMD_EXTENSIONS, "fusion.yaml");
  driver.SetMetadataItem(GDAL_DMD_CONNECTION_PREFIX, "TOPOBATHY:");
  driver.SetMetadataItem(GDAL_DMD_OPENOPTIONLIST, open_option_list_xml().c_str());
  driver.SetMetadataItem("IS_PLUGIN", "YES");
}

/// Runs while GDAL can still close what is open: later, at process end or dlclose(), it may be
/// gone.
void unload(GDALDriver* /*driver*/) {
  drop_shared_state();
}

}  // namespace

void register_driver() {
  if (GDALGetDriverByName(kDriverName) != nullptr) return;
  auto driver = std::make_unique<GDALDriver>();
  declare(*driver);
  driver->pfnIdentify = identify;
  driver->pfnOpen = open_dataset;
  driver->pfnUnloadDriver = unload;
  GetGDALDriverManager()->RegisterDriver(driver.release());
}

}  // namespace topobathy
