#include "providers/raster/hdf5_silence.h"

#include <cstdint>

#include <dlfcn.h>

#include <gdal.h>

namespace topobathy {
namespace {

/// H5Eset_auto2(stack, printer, data) of HDF5's C interface; its hid_t is 64 bits since 1.10.
using SetPrinter = int (*)(std::int64_t, void*, void*);

/// From the very HDF5 that GDAL uses: looked up among the libraries GDAL brought, so that we link
/// none (perhaps another one) ourselves.
SetPrinter find_set_printer() noexcept {
  Dl_info gdal;
  if (dladdr(reinterpret_cast<void*>(&GDALOpenEx), &gdal) == 0) return nullptr;
  void* const library = dlopen(gdal.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
  if (library == nullptr) return nullptr;
  void* const symbol = dlsym(library, "H5Eset_auto2");
  dlclose(library);  // GDAL itself stays loaded
  return reinterpret_cast<SetPrinter>(symbol);
}

}  // namespace

void silence_hdf5() noexcept {
  static const SetPrinter set_printer = find_set_printer();
  constexpr std::int64_t kDefaultStack = 0;
  if (set_printer != nullptr) set_printer(kDefaultStack, nullptr, nullptr);
}

}  // namespace topobathy
