#pragma once

#include <string>

namespace topobathy {

/// How requests name us, of GDAL's /vsicurl too: "topobathy/0.1 (GDAL plugin)".
const std::string& user_agent();

}  // namespace topobathy
