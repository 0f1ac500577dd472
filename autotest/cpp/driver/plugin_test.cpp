#include <cpl_error.h>
#include <dlfcn.h>
#include <gdal.h>
#include <gtest/gtest.h>

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

void register_once() {
  GDALDriverH registered = GDALGetDriverByName("TOPOBATHY");
  if (registered != nullptr) {  // another test's, compiled into this program
    GDALDeregisterDriver(registered);
    GDALDestroyDriver(registered);
  }
  void* plugin = dlopen(TOPOBATHY_PLUGIN, RTLD_LAZY | RTLD_LOCAL);
  ASSERT_NE(plugin, nullptr) << dlerror();
  // A function pointer from dlsym: POSIX guarantees the conversion.
  const auto enter = reinterpret_cast<void (*)()>(dlsym(plugin, "GDALRegister_TOPOBATHY"));
  ASSERT_NE(enter, nullptr);
  enter();
  GDALDriverH driver = GDALGetDriverByName("TOPOBATHY");
  ASSERT_NE(driver, nullptr);
  const char* const drivers[] = {"TOPOBATHY", nullptr};
  CPLPushErrorHandler(CPLQuietErrorHandler);
  EXPECT_EQ(GDALOpenEx("TOPOBATHY:x?unknown=1", GDAL_OF_RASTER, drivers, nullptr, nullptr),
            nullptr);
  CPLPopErrorHandler();
  GDALDeregisterDriver(driver);
  GDALDestroyDriver(driver);
  EXPECT_EQ(dlclose(plugin), 0);
}

TEST(Plugin, loads_and_unloads_without_a_trace) {
  register_once();
  EXPECT_EQ(mapped_lines("gdal_TOPOBATHY"), 0U) << "dlclose() must really unload";
  const std::size_t maps = mapped_lines(""), descriptors = open_descriptors();
  for (int i = 0; i < 200; ++i)
    register_once();
  EXPECT_EQ(mapped_lines("gdal_TOPOBATHY"), 0U);
  EXPECT_LE(mapped_lines(""), maps + 8);  // the heap may grow by a few mappings, not by one a round
  EXPECT_EQ(open_descriptors(), descriptors);
}

}  // namespace
