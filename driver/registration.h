#pragma once

namespace topobathy {

/// Registers the driver with GDAL unless it is there already.
void register_driver();

}  // namespace topobathy
