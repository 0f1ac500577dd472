// The plugin's one exported symbol. GDAL looks for it by the file's name, gdal_TOPOBATHY.so.
#include <gdal_priv.h>

#include "driver/registration.h"

extern "C" void GDALRegister_TOPOBATHY() __attribute__((visibility("default")));

void GDALRegister_TOPOBATHY() {
  // GDAL's C++ classes change between minor releases: a plugin of another one must not be used.
  if (!GDAL_CHECK_VERSION("TOPOBATHY driver")) return;
  topobathy::register_driver();
}
