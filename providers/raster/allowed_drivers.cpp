#include "providers/raster/allowed_drivers.h"

#include <array>
#include <map>

#include <cpl_string.h>
#include <gdal_priv.h>

#include "providers/raster/gdal_errors.h"
#include "providers/raster/hdf5_silence.h"

namespace topobathy {
namespace {

struct RefusedDriver {
  const char* name;
  const char* reason;
};

constexpr const char* kNamesFiles = "its files name other files to read";
constexpr const char* kServer = "it asks a server";
constexpr const char* kMemory = "it names memory, not a file";

/// Refused for what they reach, not for what they are. A file of an allowed driver may still have
/// side-cars that its format fixes by name
/// (.aux.xml, .ovr, .hdr, world files).
constexpr std::array kRefused = {
    RefusedDriver{"VRT", kNamesFiles},
    RefusedDriver{"DERIVED", kNamesFiles},
    RefusedDriver{"GTI", kNamesFiles},
    RefusedDriver{"STACIT", kNamesFiles},
    RefusedDriver{"STACTA", kNamesFiles},
    RefusedDriver{"TIL", kNamesFiles},
    RefusedDriver{"DIMAP", kNamesFiles},
    RefusedDriver{"SAFE", kNamesFiles},
    RefusedDriver{"SENTINEL2", kNamesFiles},
    RefusedDriver{"RS2", kNamesFiles},
    RefusedDriver{"RCM", kNamesFiles},
    RefusedDriver{"TSX", kNamesFiles},
    RefusedDriver{"ECRGTOC", kNamesFiles},
    RefusedDriver{"RPFTOC", kNamesFiles},
    RefusedDriver{"ADRG", kNamesFiles},
    RefusedDriver{"SRP", kNamesFiles},
    RefusedDriver{"FAST", kNamesFiles},
    RefusedDriver{"ERS", kNamesFiles},
    RefusedDriver{"PDS", kNamesFiles},
    RefusedDriver{"PDS4", kNamesFiles},
    RefusedDriver{"VICAR", kNamesFiles},
    RefusedDriver{"ISIS3", kNamesFiles},
    RefusedDriver{"ISIS2", kNamesFiles},
    RefusedDriver{"NDF", kNamesFiles},
    RefusedDriver{"OZI", kNamesFiles},
    RefusedDriver{"MAP", kNamesFiles},
    RefusedDriver{"PCIDSK", kNamesFiles},
    RefusedDriver{"KMLSUPEROVERLAY", kNamesFiles},
    RefusedDriver{"MRF", "its files name other files and servers to read"},
    RefusedDriver{"TOPOBATHY", "a policy is no source of a policy"},
    RefusedDriver{"MEM", kMemory},
    RefusedDriver{"NUMPY", kMemory},
    RefusedDriver{"WMS", kServer},
    RefusedDriver{"WMTS", kServer},
    RefusedDriver{"WCS", kServer},
    RefusedDriver{"OGCAPI", kServer},
    RefusedDriver{"HTTP", kServer},
    RefusedDriver{"EEDAI", kServer},
    RefusedDriver{"DAAS", kServer},
    RefusedDriver{"PLMOSAIC", kServer},
    RefusedDriver{"PLSCENES", kServer},
    RefusedDriver{"NGW", kServer},
    RefusedDriver{"RDA", kServer},
    RefusedDriver{"TILEDB", kServer},
    RefusedDriver{"AMIGOCLOUD", kServer},
    RefusedDriver{"CARTO", kServer},
    RefusedDriver{"GEORASTER", kServer},
    RefusedDriver{"POSTGISRASTER", kServer},
    RefusedDriver{"IRODS", kServer},
    RefusedDriver{"JPIPKAK", kServer},
};

constexpr std::array kSerialised = {"BAG",  "HDF5", "HDF5Image", "netCDF",    "KEA", "GMT",
                                    "S102", "S104", "S111",      "HDF4Image", "HDF4"};

/// Prefixes that carry options or name further files.
constexpr std::array kRefusedPrefixes = {"/vsicurl?",    "/vsicurl_streaming?", "/vsisparse/",
                                         "/vsistdin",    "/vsistdout",          "/vsikerchunk",
                                         "/vsimultipart"};

struct CaselessLess {
  bool operator()(const std::string& a, const std::string& b) const noexcept {
    return STRCASECMP(a.c_str(), b.c_str()) < 0;
  }
};
using Refusals = std::map<std::string, const char*, CaselessLess>;

/// Asked for each of GDAL's drivers at each open of one of thousands of files.
const Refusals& refusals() {
  static const Refusals& map = *[] {
    auto* const all = new Refusals;
    for (const RefusedDriver& refused : kRefused)
      all->emplace(refused.name, refused.reason);
    return all;
  }();
  return map;
}

/// The first of the named drivers (those not registered are passed over) that takes the file for
/// its own.
std::string identify(const std::string& path, const CPLStringList& drivers) {
  const QuietGdalErrors quiet;
  CPLStringList names(drivers);
  const GDALDriverH found =
      GDALIdentifyDriverEx(path.c_str(), GDAL_OF_RASTER, names.List(), nullptr);
  return found == nullptr ? "" : GDALGetDriverShortName(found);
}

}  // namespace

std::vector<std::string> allowed_raster_drivers(bool allow_vrt) {
  std::vector<std::string> names;
  GDALDriverManager* const manager = GetGDALDriverManager();
  for (int i = 0; i < manager->GetDriverCount(); ++i) {
    GDALDriver* const driver = manager->GetDriver(i);
    if (driver == nullptr || driver->GetMetadataItem(GDAL_DCAP_RASTER) == nullptr) continue;
    if (refusal_reason(driver->GetDescription(), allow_vrt).empty())
      names.emplace_back(driver->GetDescription());
  }
  return names;
}

std::string refusal_reason(const std::string& driver, bool allow_vrt) {
  const auto found = refusals().find(driver);
  if (found == refusals().end() || (allow_vrt && EQUAL(driver.c_str(), "VRT"))) return "";
  return found->second;
}

std::string path_refusal_reason(const std::string& path) {
  for (const char* prefix : kRefusedPrefixes) {
    if (path.find(prefix) != std::string::npos)
      return std::string("'") + prefix + "' in a path can name other files or options";
  }
  return "";
}

std::string refused_driver_of(const std::string& path, bool allow_vrt) {
  CPLStringList names;
  for (const auto& [name, reason] : refusals()) {
    if (!refusal_reason(name, allow_vrt).empty()) names.AddString(name.c_str());
  }
  return identify(path, names);
}

bool needs_serialised_driver(const std::string& path) {
  CPLStringList names;
  for (const char* name : kSerialised)
    names.AddString(name);
  return !identify(path, names).empty();
}

std::unique_lock<std::recursive_mutex> serialise(bool serialised) {
  // Never destroyed: datasets may be closed while the process ends.
  static std::recursive_mutex& mutex = *new std::recursive_mutex;
  if (!serialised) return {};
  std::unique_lock<std::recursive_mutex> lock(mutex);
  silence_hdf5();
  return lock;
}

}  // namespace topobathy
