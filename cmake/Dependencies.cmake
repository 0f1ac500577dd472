# Every library the product links, by its Debian 12 package (debian-packages.txt says what each is for).
find_package(PkgConfig REQUIRED)
find_package(GDAL 3.6 CONFIG REQUIRED)
find_package(PROJ CONFIG REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(spdlog REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(CURL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(PNG REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(BLOSC REQUIRED IMPORTED_TARGET blosc)
pkg_check_modules(LIBDEFLATE REQUIRED IMPORTED_TARGET libdeflate)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)

add_library(topobathy_dependencies INTERFACE)
target_link_libraries(topobathy_dependencies INTERFACE
  GDAL::GDAL PROJ::proj yaml-cpp nlohmann_json::nlohmann_json SQLite::SQLite3 OpenSSL::Crypto
  CURL::libcurl ZLIB::ZLIB PkgConfig::LIBZIP PkgConfig::BLOSC PkgConfig::LIBDEFLATE PkgConfig::ZSTD PkgConfig::XXHASH
  Threads::Threads)
# LASzip is loaded when the first LAZ point is read (providers/usgs_lidar/laszip_library.h), so nothing is linked: the build only tells.
find_library(LASZIP_LIBRARY NAMES liblaszip.so.8 laszip DOC "LASzip, wanted at run time only")
if(LASZIP_LIBRARY)
  message(STATUS "LASzip: ${LASZIP_LIBRARY}")
else()
  message(STATUS "LASzip: not found; LAZ point clouds will be refused until utils/install_laszip.sh or the package liblaszip8 installs it")
endif()
target_link_libraries(topobathy_dependencies INTERFACE ${CMAKE_DL_LIBS})
