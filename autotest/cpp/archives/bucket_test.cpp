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

TEST(BucketListing, IsByKeyOverAllPages) {
  FakeHttp http;
  http.put(listing_url("dem%2FA%2F"), listing({"dem/A/2.tif"}, "a"));
  http.put(listing_url("dem%2FA%2F") + "&continuation-token=a", listing({"dem/A/1.tif"}));
  EXPECT_EQ((std::vector<std::string>{"dem/A/1.tif", "dem/A/2.tif"}), keys(http, "dem/A/"));
}

TEST(BucketListing, KeysThatLeadElsewhereAreLeftOut) {
  FakeHttp http;
  http.put(listing_url("dem%2FA%2F"),
           listing({"dem/A/../../etc/passwd", "dem/A/", "dem/A//b.tif", "laz/x.tif", "dem/A/a\\b",
                    "dem/A/&#1;.tif", "dem/A/good.tif"}));
  EXPECT_EQ((std::vector<std::string>{"dem/A/good.tif"}), keys(http, "dem/A/"));
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
