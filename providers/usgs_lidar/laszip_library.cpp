#include "providers/usgs_lidar/laszip_library.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <dlfcn.h>

#include <map>
#include <mutex>
#include <optional>

#include "fusion/error.h"

namespace topobathy {
namespace {

constexpr const char* kSoname = "liblaszip.so.8";

/// \return whether the symbol is there. The stream call is C++: its name is the mangled one of
/// laszip_open_reader_stream(void*, std::istream&, int*).
template <class Function>
bool look_up(void* library, const char* name, Function& function) {
  void* const symbol = dlsym(library, name);
  static_assert(sizeof symbol == sizeof function, "POSIX: functions are as wide as data pointers");
  function = reinterpret_cast<Function>(symbol);
  return symbol != nullptr;
}

/// Never closed again: handles of several threads may be in use until the process ends.
std::optional<LaszipLibrary> load(const std::string& file) {
  void* const opened = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (opened == nullptr) return std::nullopt;
  LaszipLibrary library;
  const bool complete =
      look_up(opened, "laszip_create", library.create) &&
      look_up(opened, "laszip_destroy", library.destroy) &&
      look_up(opened, "laszip_get_error", library.get_error) &&
      look_up(opened, "laszip_decompress_selective", library.decompress_selective) &&
      look_up(opened, "_Z25laszip_open_reader_streamPvRSiPi", library.open_reader_stream) &&
      look_up(opened, "laszip_get_point_pointer", library.get_point_pointer) &&
      look_up(opened, "laszip_read_point", library.read_point) &&
      look_up(opened, "laszip_close_reader", library.close_reader);
  if (!complete) return std::nullopt;
  return library;
}

/// Null where there is none. A failure is looked at again: the user may have installed it since.
const LaszipLibrary* find_library() {
  const std::string file = CPLGetConfigOption("TOPOBATHY_LASZIP", kSoname);
  if (EQUAL(file.c_str(), "NO")) return nullptr;
  static std::mutex mutex;
  static std::map<std::string, LaszipLibrary> loaded;
  const std::lock_guard<std::mutex> lock(mutex);
  const auto known = loaded.find(file);
  if (known != loaded.end()) return &known->second;
  const auto library = load(file);
  return library ? &loaded.emplace(file, *library).first->second : nullptr;
}

}  // namespace

const LaszipLibrary& laszip_library(const std::string& what) {
  if (const LaszipLibrary* const library = find_library()) return *library;
  throw Error(ErrorCode::kUnsupported,
              "'" + what +
                  "': is compressed as LAZ, and the library LASzip (liblaszip.so.8) is not "
                  "installed: install it with utils/install_laszip.sh or as the package "
                  "liblaszip8, or name its file in the configuration option TOPOBATHY_LASZIP");
}

bool has_laszip() {
  return find_library() != nullptr;
}

}  // namespace topobathy
