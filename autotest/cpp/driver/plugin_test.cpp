#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_vsi.h>
#include <dlfcn.h>
#include <gdal.h>
#include <gtest/gtest.h>
#include <ogr_srs_api.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

namespace {

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string text;
  std::array<char, 4096> buffer{};
  while (pipe && std::fgets(buffer.data(), static_cast<int>(buffer.size()), pipe.get()) != nullptr)
    text += buffer.data();
  return text;
}

std::size_t mapped_lines(const std::string& word) {
  std::ifstream maps("/proc/self/maps");
  std::size_t count = 0;
  for (std::string line; std::getline(maps, line);)
    if (line.find(word) != std::string::npos) ++count;
  return count;
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
    ++count;
  return count;
}

TEST(Plugin, exports_its_register_function_only) {
  const std::string symbols =
      output_of("nm -D --defined-only " TOPOBATHY_PLUGIN " | cut -d' ' -f3");
  EXPECT_EQ(symbols, "GDALRegister_TOPOBATHY\n");
}

/// A real source, so that the engine behind the plugin starts its threads and opens its handles.
constexpr char kSource[] = "/vsimem/plugin_base.tif";
constexpr char kPolicy[] =
    "TOPOBATHY:?cache=off\nname: Plugin\ncrs: EPSG:32619\nresolution: 10\n"
    "extent: [-68.86, 41.60, -68.84, 41.62]\nvariables:\n  - name: elevation\n    steps:\n"
    "      - provider: raster\n        path: /vsimem/plugin_base.tif\n";

void write_source() {
  // GDAL itself must not hold the plugin.
  CPLSetConfigOption("GDAL_DRIVER_PATH", "disable");
  GDALAllRegister();
  GDALDatasetH source =
      GDALCreate(GDALGetDriverByName("GTiff"), kSource, 400, 400, 1, GDT_Float32, nullptr);
  ASSERT_NE(source, nullptr);
  const char* const crs = "EPSG:32619";
  OGRSpatialReferenceH srs = OSRNewSpatialReference(nullptr);
  ASSERT_EQ(OSRSetFromUserInput(srs, crs), OGRERR_NONE);
  GDALSetSpatialRef(source, srs);
  OSRDestroySpatialReference(srs);
  double transform[] = {511000.0, 10.0, 0.0, 4608500.0, 0.0, -10.0};
  GDALSetGeoTransform(source, transform);
  GDALFillRaster(GDALGetRasterBand(source, 1), -7.0, 0.0);
  GDALClose(source);
}

void read_through_the_plugin() {
  const char* const drivers[] = {"TOPOBATHY", nullptr};
  GDALDatasetH dataset =
      GDALOpenEx(kPolicy, GDAL_OF_RASTER | GDAL_OF_VERBOSE_ERROR, drivers, nullptr, nullptr);
  ASSERT_NE(dataset, nullptr) << CPLGetLastErrorMsg();
  float pixel = 0.f;
  EXPECT_EQ(GDALRasterIO(GDALGetRasterBand(dataset, 1), GF_Read, 20, 20, 1, 1, &pixel, 1, 1,
                         GDT_Float32, 0, 0),
            CE_None);
  EXPECT_EQ(pixel, -7.f);
  GDALClose(dataset);
}

// The pools of the library live as long as the process on purpose (GDAL may be gone before them).
// Under the leak checker the library stays loaded, or it would count them once a round.
#ifdef __SANITIZE_ADDRESS__
constexpr int kLoadMode = RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE;
#else
constexpr int kLoadMode = RTLD_LAZY | RTLD_LOCAL;
#endif
constexpr bool kUnloads = (kLoadMode & RTLD_NODELETE) == 0;

void load_and_unload() {
  GDALDriverH registered = GDALGetDriverByName("TOPOBATHY");
  if (registered != nullptr) {  // another test's, compiled into this program
    GDALDeregisterDriver(registered);
    GDALDestroyDriver(registered);
  }
  void* plugin = dlopen(TOPOBATHY_PLUGIN, kLoadMode);
  ASSERT_NE(plugin, nullptr) << dlerror();
  // A function pointer from dlsym: POSIX guarantees the conversion.
  const auto enter = reinterpret_cast<void (*)()>(dlsym(plugin, "GDALRegister_TOPOBATHY"));
  ASSERT_NE(enter, nullptr);
  enter();
  GDALDriverH driver = GDALGetDriverByName("TOPOBATHY");
  ASSERT_NE(driver, nullptr);
  read_through_the_plugin();
  GDALDeregisterDriver(driver);
  GDALDestroyDriver(driver);
  EXPECT_EQ(dlclose(plugin), 0);
}

TEST(Plugin, loads_reads_and_unloads_without_a_trace) {
  write_source();
  load_and_unload();
  if (kUnloads) {
    EXPECT_EQ(mapped_lines("gdal_TOPOBATHY"), 0U) << "dlclose() must really unload";
  }
  const std::size_t maps = mapped_lines("/"), descriptors = open_descriptors();
  for (int i = 0; i < 200; ++i)
    load_and_unload();
  if (kUnloads) {
    EXPECT_EQ(mapped_lines("gdal_TOPOBATHY"), 0U);
  }
  EXPECT_EQ(mapped_lines("/"), maps) << "files mapped; the heap may grow";
  EXPECT_EQ(open_descriptors(), descriptors);
  VSIUnlink(kSource);
}

}  // namespace
