#include "providers/raster/source_location.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "cache/test_directory.h"

namespace topobathy {
namespace {

class SourceLocation : public ::testing::Test {
 protected:
  SourceLocation() {
    std::filesystem::create_directories(root_ + "/north");
    std::ofstream(root_ + "/north/a.tif") << "x";
    std::filesystem::create_directory_symlink(root_ + "/north", root_ + "/current");
  }
  TestDirectory directory_;
  const std::string root_ = std::filesystem::canonical(directory_.path()).string();
  const std::string file_ = root_ + "/north/a.tif";
};

TEST_F(SourceLocation, OneFileHasOneLocationHoweverItIsReached) {
  for (const std::string way :
       {"/north/a.tif", "/north//./a.tif", "/north/../north/a.tif", "/current/a.tif"})
    EXPECT_EQ(source_location(root_ + way), file_) << way;
}

TEST_F(SourceLocation, ARelativePathIsThatOfTheWorkingDirectory) {
  const std::string here = std::filesystem::canonical(std::filesystem::current_path()).string();
  EXPECT_EQ(source_location("no such folder/a.tif"), here + "/no such folder/a.tif");
}

TEST_F(SourceLocation, AFileThatIsGoneStillHasOne) {
  EXPECT_EQ(source_location(root_ + "/current/gone.tif"), root_ + "/north/gone.tif");
}

TEST_F(SourceLocation, TheFileInsideASubdatasetNameIsResolved) {
  EXPECT_EQ(source_location("NETCDF:\"" + root_ + "/current/a.nc\":Band1"),
            "NETCDF:\"" + root_ + "/north/a.nc\":Band1");
}

TEST_F(SourceLocation, AnArchiveIsResolvedAndItsMemberStays) {
  EXPECT_EQ(source_location("/vsizip/" + root_ + "/current/a.zip/tiles/a.tif"),
            "/vsizip/" + root_ + "/north/a.zip/tiles/a.tif");
}

TEST_F(SourceLocation, WhatIsNotOfTheFileSystemStaysAsItIs) {
  for (const std::string path :
       {"https://example.org/../a.tif", "/vsicurl/https://example.org/a.tif", "/vsimem/a.tif",
        "/vsis3/bucket/a.tif", "/vsizip//vsicurl/https://example.org/a.zip/a.tif",
        "/vsizip/{a.zip}/a.tif"})
    EXPECT_EQ(source_location(path), path);
}

}  // namespace
}  // namespace topobathy
