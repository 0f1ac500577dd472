#include <cpl_conv.h>
#include <gmock/gmock.h>

#include <atomic>
#include <sstream>

#include "datum_fixture.h"
#include "loopback_server.h"

namespace topobathy::datum_test {
namespace {

using ::testing::HasSubstr;

const LonLatBox kPuertoRico{-67.1, 17.8, -66.9, 18.1};

std::string content(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

/// PROJ keeps pieces of grids in its user's folder: here one of the test's own.
class ProjNetworkTest : public DatumTest {
 protected:
  void SetUp() override {
    TOPOBATHY_NEED_FILE(grid().string());
    setenv("PROJ_USER_WRITABLE_DIRECTORY", (folder_ / "proj-user").c_str(), 1);
    options_.proj.network = server_.url("");
    server_.put("/us_noaa_g2018p0.tif", [this](const SeenRequest&) {
      ScriptedAnswer answer;
      answer.status = status_ != 0 ? status_.load() : content_.empty() ? 404 : 200;
      if (answer.status != 200) return answer;
      answer.body = content_;
      answer.ranges = true;
      answer.headers = {{"ETag", "\"1\""}, {"Last-Modified", "Wed, 01 Jan 2020 00:00:00 GMT"}};
      return answer;
    });
  }
  void TearDown() override { unsetenv("PROJ_USER_WRITABLE_DIRECTORY"); }
  static fs::path grid() { return fs::path(test::shared_data()) / "vgrid/us_noaa_g2018p0.tif"; }

  LoopbackServer server_;
  std::string content_;         ///< of the grid, as it is served; written before anybody asks
  std::atomic<int> status_{0};  ///< of every answer from now on; 0 = as it should be
};

TEST_F(ProjNetworkTest, ReadsPiecesOfTheGridFromTheServer) {
  content_ = content(grid());
  const auto remote = between("PRVD02", "EPSG:6319", kPuertoRico);
  const double there = offset(remote, -67.0, 18.0);
  EXPECT_GT(server_.count(), 0U);
  for (const SeenRequest& request : server_.requests())
    EXPECT_THAT(request.header("range"), HasSubstr("bytes="));
  options_.proj.network.clear();
  install("us_noaa_g2018p0.tif", "us_noaa_g2018p0.tif");
  const auto local = between("PRVD02", "EPSG:6319", kPuertoRico);
  EXPECT_EQ(offset(local, -67.0, 18.0), there);
  EXPECT_EQ(local.info().pipeline, remote.info().pipeline);
  EXPECT_TRUE(std::isnan(offset(remote, -75.0, 43.0))) << "off the grid";
}

TEST_F(ProjNetworkTest, AnOutageIsNoHoleInTheGrid) {
  for (const int status : {404, 403, 404, 410}) {
    SCOPED_TRACE(status);
    status_ = status;
    const std::string message = testing_support::refusal(ErrorCode::kUnreadable, [&] {
      offset(between("PRVD02", "EPSG:6319", kPuertoRico), -67.0, 18.0);
    });
    EXPECT_THAT(message, HasSubstr("us_noaa_g2018p0.tif"));
  }
  status_ = 0;
  content_ = "<html>not a grid</html>";
  EXPECT_THAT(testing_support::refusal(
                  ErrorCode::kUnreadable,
                  [&] { offset(between("PRVD02", "EPSG:6319", kPuertoRico), -67.0, 18.0); }),
              HasSubstr("us_noaa_g2018p0.tif"));
}

TEST_F(ProjNetworkTest, WhatFailedComesBack) {
  status_ = 403;
  testing_support::refusal(ErrorCode::kUnreadable, [&] {
    offset(between("PRVD02", "EPSG:6319", kPuertoRico), -67.0, 18.0);
  });
  status_ = 0;
  content_ = content(grid());
  EXPECT_LT(offset(between("PRVD02", "EPSG:6319", kPuertoRico), -67.0, 18.0), -30.0);
}

TEST_F(ProjNetworkTest, AnOutageAfterTheFirstPiecesIsNoHoleEither) {
  content_ = content(grid());
  const auto shift = between("PRVD02", "EPSG:6319", kPuertoRico);
  status_ = 403;
  int refused = 0;
  for (double lat = 15.1; lat < 20.9; lat += 0.5) {
    for (double lon = -68.9; lon < -64.1; lon += 0.5)
      try {
        EXPECT_FALSE(std::isnan(offset(shift, lon, lat))) << lon << " " << lat;
      } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("us_noaa_g2018p0.tif"));
        ++refused;
      }
  }
  EXPECT_GT(refused, 0);
  status_ = 0;
  EXPECT_FALSE(std::isnan(offset(shift, -68.9, 20.5)));
}

TEST_F(ProjNetworkTest, OfflineOrSwitchedOffNothingIsAsked) {
  CPLConfigOptionSetter off("TOPOBATHY_PROJ_NETWORK", nullptr, false);
  EXPECT_EQ(shift_options(false).proj.network, "");
  CPLConfigOptionSetter on("TOPOBATHY_PROJ_NETWORK", "ON", false);
  CPLConfigOptionSetter data("TOPOBATHY_PROJ_DATA", "/a/b:/c", false);
  CPLConfigOptionSetter folder("TOPOBATHY_VDATUM_DIR", "/v", false);
  EXPECT_EQ(shift_options(false).proj.network, "https://cdn.proj.org");
  EXPECT_EQ(shift_options(false).proj.grid_directories, (std::vector<std::string>{"/a/b", "/c"}));
  EXPECT_EQ(shift_options(false).vdatum, "/v");
  options_.proj.network = shift_options(true).proj.network;
  EXPECT_EQ(options_.proj.network, "");
  EXPECT_THAT(refusal(ErrorCode::kUnsupported, "PRVD02", "EPSG:6319", kPuertoRico),
              HasSubstr("grid us_noaa_g2018p0.tif is not installed"));
  EXPECT_EQ(server_.count(), 0U);
}

}  // namespace
}  // namespace topobathy::datum_test
