#include "driver/open.h"

#include <gtest/gtest.h>

#include <cpl_conv.h>
#include <cpl_vsi.h>

#include "driver/identify.h"
#include "driver/registration.h"
#include "fake_open.h"
#include "opened.h"

namespace topobathy {
namespace {

using namespace testing_support;

constexpr char kPolicy[] =
    "name: Two layers\ncrs: EPSG:4326\nresolution: 30\nextent: [-70.80, 42.96, -70.70, 43.04]\n"
    "variables:\n  - name: elevation\n    steps:\n      - provider: raster\n        path: "
    "base.tif\n";

/// A text in memory for as long as it lives.
class MemoryFile {
 public:
  MemoryFile(std::string path, std::string text) : path_(std::move(path)), text_(std::move(text)) {
    VSIFCloseL(VSIFileFromMemBuffer(path_.c_str(), reinterpret_cast<GByte*>(text_.data()),
                                    text_.size(), FALSE));
  }
  ~MemoryFile() { VSIUnlink(path_.c_str()); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

 private:
  std::string path_;
  std::string text_;
};

int identified(const char* name) {
  GDALOpenInfo info(name, GDAL_OF_RASTER);
  return identify(&info);
}

class Opening : public ::testing::Test {
 protected:
  void SetUp() override {
    register_driver();
    opened_requests().clear();
  }

  static GDALDatasetH open(const char* name, CSLConstList options = nullptr,
                           unsigned flags = GDAL_OF_RASTER | GDAL_OF_VERBOSE_ERROR) {
    const char* const drivers[] = {"TOPOBATHY", nullptr};
    return GDALOpenEx(name, flags, drivers, options, nullptr);
  }
  static std::string refusal(const char* name, CSLConstList options = nullptr) {
    const SeenErrors seen;
    GDALDatasetH dataset = open(name, options);
    EXPECT_EQ(dataset, nullptr);
    if (dataset != nullptr) GDALClose(dataset);
    std::string message;
    int failures = 0;
    for (const auto& error : seen.errors)
      if (error.severity == CE_Failure) ++failures, message = error.message;
    EXPECT_EQ(failures, 1) << name;
    return message;
  }

  MemoryFile policy_{"/vsimem/policy.yaml", kPolicy};
};

TEST_F(Opening, driver_says_what_it_can_do) {
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("TOPOBATHY");
  ASSERT_NE(driver, nullptr);
  for (const char* capability : {GDAL_DCAP_RASTER, GDAL_DCAP_OPEN, GDAL_DCAP_VIRTUALIO})
    EXPECT_STREQ(driver->GetMetadataItem(capability), "YES");
  EXPECT_STREQ(driver->GetMetadataItem(GDAL_DMD_CONNECTION_PREFIX), "TOPOBATHY:");
  EXPECT_STREQ(driver->GetMetadataItem(GDAL_DMD_EXTENSIONS), "fusion.yaml");
  EXPECT_EQ(driver->GetMetadataItem(GDAL_DCAP_CREATE), nullptr);
}

TEST_F(Opening, identify_needs_no_file_for_its_prefix) {
  EXPECT_EQ(identified("TOPOBATHY:/no/such/file.yaml"), TRUE);
  EXPECT_EQ(identified("topobathy:x"), TRUE);
  EXPECT_EQ(identified("TOPOBATHYX"), FALSE);
}

TEST_F(Opening, identify_takes_policies_and_no_other_yaml) {
  EXPECT_EQ(identified("/vsimem/policy.yaml"), TRUE);
  EXPECT_EQ(identified("/vsimem"), FALSE);
  EXPECT_EQ(identified("/vsimem/does_not_exist.yaml"), FALSE);
  const char* const others[] = {
      "",
      "# only a comment\n",
      "name: CI\non: [push]\njobs:\n  build:\n    runs-on: ubuntu-latest\n",
      "version: '3'\nservices:\n  web:\n    image: nginx\n",
      "apiVersion: v1\nkind: Pod\n",
      "- a\n- b\n",
      "{\"type\": \"FeatureCollection\", \"features\": []}",
      "repos:\n  - repo: local\n",
      "name: env\nchannels: [conda-forge]\ndependencies: [gdal]\n",
      "<VRTDataset></VRTDataset>"};
  for (const char* text : others) {
    const MemoryFile file("/vsimem/other.yaml", text);
    EXPECT_EQ(identified("/vsimem/other.yaml"), FALSE) << text;
    const SeenErrors seen;
    EXPECT_EQ(open("/vsimem/other.yaml", nullptr, GDAL_OF_RASTER), nullptr);
    EXPECT_TRUE(seen.errors.empty()) << text;
  }
  EXPECT_TRUE(opened_requests().empty());
}

TEST_F(Opening, a_policy_below_a_long_comment_opens) {
  const MemoryFile file("/vsimem/commented.yaml",
                        std::string(60, '\n') + std::string(3000, '#') + "\n" + kPolicy);
  EXPECT_EQ(identified("/vsimem/commented.yaml"), GDAL_IDENTIFY_UNKNOWN);
  GDALDatasetH dataset = open("/vsimem/commented.yaml");
  EXPECT_NE(dataset, nullptr);
  GDALClose(dataset);
  const MemoryFile comment("/vsimem/comment.yaml", std::string(5000, '#'));
  const SeenErrors seen;
  EXPECT_EQ(open("/vsimem/comment.yaml", nullptr, GDAL_OF_RASTER), nullptr);
  EXPECT_TRUE(seen.errors.empty());
}

TEST_F(Opening, open_options_and_connection_string_ask_the_same) {
  const char* const options[] = {"RESOLUTION=10", "BBOX=-70.8,42.96,-70.7,43.04", "CACHE=OFF",
                                 nullptr};
  GDALClose(open("/vsimem/policy.yaml", options));
  GDALClose(
      open("TOPOBATHY:/vsimem/policy.yaml?resolution=10&bbox=-70.8,42.96,-70.7,43.04&cache=off"));
  ASSERT_EQ(opened_requests().size(), 2U);
  for (const OpenRequest& request : opened_requests()) {
    EXPECT_EQ(request.policy_path, "/vsimem/policy.yaml");
    EXPECT_EQ(request.resolution, 10.0);
    EXPECT_EQ(request.bbox->south, 42.96);
    EXPECT_EQ(request.cache, CacheMode::kOff);
  }
}

TEST_F(Opening, percent_in_a_path_means_itself_where_such_a_file_exists) {
  const MemoryFile file("/vsimem/a%3Fb.yaml", kPolicy);
  GDALClose(open("TOPOBATHY:/vsimem/a%3Fb.yaml"));
  GDALClose(open("TOPOBATHY:/vsimem/c%3Fd.yaml"));
  EXPECT_EQ(opened_requests()[0].policy_path, "/vsimem/a%3Fb.yaml");
  EXPECT_EQ(opened_requests()[1].policy_path, "/vsimem/c?d.yaml");
}

TEST_F(Opening, inline_text_opens_unless_switched_off) {
  GDALDatasetH dataset = open("TOPOBATHY:{\"name\": \"x\", \"variables\": []}");
  EXPECT_NE(dataset, nullptr);
  GDALClose(dataset);
  EXPECT_EQ(opened_requests().back().policy_text, "{\"name\": \"x\", \"variables\": []}");
  EXPECT_EQ(opened_requests().back().policy_path, "");
  CPLSetThreadLocalConfigOption("TOPOBATHY_ALLOW_INLINE", "NO");
  EXPECT_EQ(refusal("TOPOBATHY:{\"name\": \"x\"}"),
            "Inline policies are switched off (TOPOBATHY_ALLOW_INLINE=NO); name a policy file");
  CPLSetThreadLocalConfigOption("TOPOBATHY_ALLOW_INLINE", nullptr);
}

TEST_F(Opening, each_refusal_is_one_error) {
  EXPECT_EQ(refusal("TOPOBATHY:/vsimem/policy.yaml?resolutoin=10"),
            "Unknown open option resolutoin; did you mean RESOLUTION?");
  const char* const options[] = {"CACHE=NO", nullptr};
  EXPECT_NE(refusal("/vsimem/policy.yaml", options), "");
  refuse_next_open(Error(ErrorCode::kPolicy, "unknown key \"stesp\"; did you mean \"steps\"?",
                         {"/vsimem/policy.yaml", 7, 5}));
  EXPECT_EQ(refusal("/vsimem/policy.yaml"),
            "/vsimem/policy.yaml:7:5: unknown key \"stesp\"; did you mean \"steps\"?");
}

TEST_F(Opening, update_mode_is_refused) {
  const SeenErrors seen;
  EXPECT_EQ(open("/vsimem/policy.yaml", nullptr, GDAL_OF_RASTER | GDAL_OF_UPDATE), nullptr);
  ASSERT_EQ(seen.errors.size(), 1U);
  EXPECT_EQ(seen.errors[0].number, CPLE_NotSupported);
  EXPECT_TRUE(opened_requests().empty());
}

TEST_F(Opening, gdals_own_open_options_pass) {
  const char* const options[] = {"OVERVIEW_LEVEL=0", nullptr};
  GDALDatasetH dataset = open("/vsimem/policy.yaml", options);
  ASSERT_NE(dataset, nullptr);
  EXPECT_EQ(GDALGetRasterXSize(dataset), 512);
  GDALClose(dataset);
}

TEST_F(Opening, shared_open_gives_the_same_handle) {
  const unsigned flags = GDAL_OF_RASTER | GDAL_OF_SHARED;
  GDALDatasetH a = open("/vsimem/policy.yaml", nullptr, flags);
  GDALDatasetH b = open("/vsimem/policy.yaml", nullptr, flags);
  GDALDatasetH c = open("TOPOBATHY:/vsimem/policy.yaml?resolution=10", nullptr, flags);
  EXPECT_EQ(a, b);
  EXPECT_NE(a, c);
  GDALClose(a);
  GDALClose(b);
  GDALClose(c);
}

}  // namespace
}  // namespace topobathy
