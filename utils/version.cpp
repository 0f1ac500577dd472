#include "utils/version.h"

#include <sstream>

#include <blosc.h>
#include <gdal.h>
#include <libdeflate.h>
#include <openssl/crypto.h>
#include <proj.h>
#include <sqlite3.h>
#include <zip.h>
#include <zstd.h>
#include <nlohmann/json.hpp>

#include <CLI/Version.hpp>

#include "cache/cell_key.h"

namespace topobathy {

std::string program_version() {
  return TOPOBATHY_VERSION;
}

std::string version_text() {
  std::ostringstream text;
  text << "topobathy " << TOPOBATHY_VERSION << '\n'
       << "engine schema " << kEngineSchema << '\n'
       << "GDAL " << GDALVersionInfo("RELEASE_NAME") << " (built with " << GDAL_RELEASE_NAME
       << ")\n"
       << "PROJ " << proj_info().version << '\n'
       << "SQLite " << sqlite3_libversion() << '\n'
       << "OpenSSL " << OpenSSL_version(OPENSSL_VERSION_STRING) << '\n'
       << "libzip " << zip_libzip_version() << '\n'
       << "Blosc " << blosc_get_version_string() << '\n'
       << "libdeflate " << LIBDEFLATE_VERSION_STRING << '\n'
       << "Zstandard " << ZSTD_versionString() << '\n'
       << "JSON for Modern C++ " << NLOHMANN_JSON_VERSION_MAJOR << '.'
       << NLOHMANN_JSON_VERSION_MINOR << '.' << NLOHMANN_JSON_VERSION_PATCH << '\n'
       << "CLI11 " << CLI11_VERSION << '\n';
  return text.str();
}

}  // namespace topobathy
