#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "archives/coastal_fixture.h"

namespace topobathy {
namespace {

using coastal::list_objects;
using ::testing::HasSubstr;

std::vector<std::string> keys(FakeHttp& http, const std::string& prefix) {
  std::vector<std::string> all;
  for (const auto& object : list_objects(http, prefix))
    all.push_back(object.key);
  return all;
}

std::string failure(FakeHttp& http, const std::string& prefix) {
  try {
    list_objects(http, prefix);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(BucketListing, FollowsItsPagesAndEscapesTheToken) {
  FakeHttp http;
  http.put(listing_url("dem%2FA%2F"), listing({"dem/A/2.tif"}, "a+b/c="));
  http.put(listing_url("dem%2FA%2F") + "&continuation-token=a%2Bb%2Fc%3D",
           listing({"dem/A/1.tif"}));
  EXPECT_EQ((std::vector<std::string>{"dem/A/1.tif", "dem/A/2.tif"}), keys(http, "dem/A/"));
}

TEST(BucketListing, TellsETagSizeAndDate) {
  FakeHttp http;
  http.put(listing_url("dem%2FA%2F"), listing({"dem/A/1.tif"}));
  const auto object = list_objects(http, "dem/A/").front();
  EXPECT_EQ("\"e1\"", object.etag);
  EXPECT_EQ(12, object.size);
  EXPECT_EQ("\"e1\"/12/2025-01-02T03:04:05.000Z", object.revision());
}

TEST(BucketListing, KeysThatLeadElsewhereAreLeftOut) {
  FakeHttp http;
  http.put(listing_url("dem%2FA%2F"),
           listing({"dem/A/../../etc/passwd", "dem/A/", "dem/A//b.tif", "laz/x.tif", "dem/A/a\\b",
                    "dem/A/&#1;.tif", "dem/A/good.tif"}));
  EXPECT_EQ((std::vector<std::string>{"dem/A/good.tif"}), keys(http, "dem/A/"));
}

TEST(BucketListing, WhatIsNoListingIsAnError) {
  const std::string url = listing_url("dem%2FA%2F");
  FakeHttp http;
  http.put(url, "<html><body>Service unavailable</body></html>");
  EXPECT_EQ(
      "'https://noaa-nos-coastal-lidar-pds.s3.amazonaws.com/': the answer is no S3 listing; try "
      "again later, or name a mirror of the bucket in TOPOBATHY_ENDPOINTS",
      failure(http, "dem/A/"));
  http.put(url, listing({"dem/A/1.tif"}).substr(0, 200));
  EXPECT_THAT(failure(http, "dem/A/"), HasSubstr("the answer is no S3 listing"));
  http.put(url, "");
  EXPECT_THAT(failure(http, "dem/A/"), HasSubstr("the answer is no S3 listing"));
  http.put(url, std::string(400'000, '<'));
  EXPECT_THAT(failure(http, "dem/A/"), HasSubstr("the answer is no S3 listing"));
  std::string deep;
  for (int i = 0; i < 100'000; ++i)
    deep += "<a>";
  http.put(url, deep);
  EXPECT_THAT(failure(http, "dem/A/"), HasSubstr("the answer is no S3 listing"));
}

TEST(BucketListing, PagesWithoutEndAreAnError) {
  FakeHttp http;
  http.put(listing_url("dem%2FA%2F"), listing({"dem/A/1.tif"}, "t"));
  http.put(listing_url("dem%2FA%2F") + "&continuation-token=t", listing({"dem/A/1.tif"}, "t"));
  EXPECT_THAT(failure(http, "dem/A/"), HasSubstr("does not end"));
  http.put(listing_url("dem%2FA%2F"),
           "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>");
  EXPECT_THAT(failure(http, "dem/A/"), HasSubstr("is cut and does not say how it goes on"));
}

TEST(BucketListing, ARefusalIsNoEmptyFolder) {
  FakeHttp http;
  http.put(listing_url("dem%2FA%2F"), [](const HttpRequest&) {
    HttpAnswer answer;
    answer.status = 403;
    return answer;
  });
  EXPECT_THAT(failure(http, "dem/A/"), HasSubstr("403"));
}

TEST(BucketListing, AddressesAreEscaped) {
  EXPECT_EQ(kCoast + "/dem/A%20b/1%232.tif", coastal::object_url("dem/A b/1#2.tif"));
}

}  // namespace
}  // namespace topobathy
