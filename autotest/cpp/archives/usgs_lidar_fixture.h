#pragma once

#include <gdal_priv.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cache/test_directory.h"
#include "fake_http.h"
#include "fusion/error.h"
#include "providers/archive/archive.h"

namespace topobathy {

/// The archive over a network and a cache folder of the test.
class UsgsLidar : public testing::Test {
 protected:
  static void SetUpTestSuite() { GDALAllRegister(); }
  UsgsLidar() {
    step_.provider = "usgs_lidar";
    context_->provider = "usgs_lidar";
    context_->folder = directory_.path() + "/usgs_lidar";
    context_->http = http_;
    forget();
  }

  void forget() { context_->discovery = std::make_shared<DiscoveryCache>(DiscoveryCache::Setup{}); }
  std::unique_ptr<Archive> archive() { return make_archive("usgs_lidar", {step_, context_}); }
  std::vector<std::string> ids(const LonLatBox& box) {
    std::vector<std::string> all;
    for (const Candidate& candidate : archive()->find(box))
      all.push_back(candidate.asset.id + (candidate.excluded.empty() ? "" : " left out"));
    return all;
  }
  /// Grids everything in the box and gives the files.
  std::vector<std::string> grids(const LonLatBox& box, double pixel = 64.0) {
    std::vector<std::string> paths;
    const auto made = archive();
    for (const Candidate& candidate : made->find(box))
      if (candidate.excluded.empty()) paths.push_back(made->open(candidate.asset, pixel).path);
    return paths;
  }
  std::string failure_of(const LonLatBox& box) {
    try {
      grids(box);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
  /// Fails each call in turn; what comes after it must be the whole truth.
  void expect_no_failure_poisons(const LonLatBox& box) {
    const auto truth = grids(box);
    for (int n = 1; n < 100; ++n) {
      forget();
      std::filesystem::remove_all(context_->folder);
      http_->fail_call(n);
      const std::string message = failure_of(box);
      http_->fail_call(-1000);
      if (message.empty()) {
        EXPECT_GT(n, 4);
        return;
      }
      EXPECT_THAT(message, testing::HasSubstr("no answer")) << n;
      EXPECT_EQ(truth, grids(box)) << "after the failure of call " << n;
    }
    FAIL() << "there is no end of calls";
  }

  TestDirectory directory_;
  Step step_;
  std::shared_ptr<FakeHttp> http_ = std::make_shared<FakeHttp>();
  std::shared_ptr<ArchiveContext> context_ = std::make_shared<ArchiveContext>();
};

}  // namespace topobathy
