#include "providers/archive/s3_listing.h"

#include <gmock/gmock.h>

#include "fake_http.h"
#include "refusal.h"

namespace topobathy {
namespace {

using testing_support::refusal;

const std::string kBucket = "https://bucket.s3.amazonaws.com";
const std::string kUrl = kBucket + "/?list-type=2&prefix=dem%2F";

std::string page(const std::string& key, const std::string& token = "") {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
         "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>bucket</Name>"
         "<IsTruncated>" +
         std::string(token.empty() ? "false" : "true") + "</IsTruncated>" +
         (token.empty() ? "" : "<NextContinuationToken>" + token + "</NextContinuationToken>") +
         "<Contents><Key>" + key +
         "</Key><LastModified>2025-01-02T03:04:05.000Z</LastModified>"
         "<ETag>&quot;aa11&quot;</ETag><Size>12</Size></Contents></ListBucketResult>";
}

TEST(S3Listing, GoesOnToTheLastPage) {
  FakeHttp http;
  http.put(kUrl, page("dem/a", "1+/="));
  http.put(kUrl + "&continuation-token=1%2B%2F%3D", page("dem/b", "2"));
  http.put(kUrl + "&continuation-token=2", page("dem/c&amp;d"));
  const auto objects = list_s3(http, kBucket, "dem/");
  ASSERT_EQ(3U, objects.size());
  EXPECT_EQ("dem/a", objects[0].key);
  EXPECT_EQ("dem/b", objects[1].key);
  EXPECT_EQ("dem/c&d", objects[2].key);
  EXPECT_EQ(12, objects[0].size);
  EXPECT_EQ("\"aa11\"", objects[0].etag);
  EXPECT_EQ("\"aa11\"/12/2025-01-02T03:04:05.000Z", objects[0].revision());
}

TEST(S3Listing, AnEmptyFolderIsAnEmptyList) {
  FakeHttp http;
  http.put(kUrl, "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>");
  EXPECT_TRUE(list_s3(http, kBucket, "dem/").empty());
}

TEST(S3Listing, ACircleOfPagesIsRefused) {
  FakeHttp http;
  http.put(kUrl, page("a", "1"));
  http.put(kUrl + "&continuation-token=1", page("b", "1"));
  EXPECT_EQ(
      "'https://bucket.s3.amazonaws.com/': the S3 listing does not end; try again later, or "
      "name a mirror of the bucket in TOPOBATHY_ENDPOINTS",
      refusal(ErrorCode::kUnreadable, [&] { list_s3(http, kBucket, "dem/"); }));
}

TEST(S3Listing, WhatIsNoListingIsRefused) {
  FakeHttp http;
  std::string deep;
  for (int i = 0; i < 100'000; ++i)
    deep += "<a>";
  for (const std::string& body :
       {std::string("<html><body>Sorry</body></html>"), std::string(), std::string("{}"),
        page("a").substr(0, 150), std::string("<Error><Code>AccessDenied</Code></Error>"),
        std::string("<ListBucketResult>\0</ListBucketResult>", 38), std::string(400'000, '<'),
        deep}) {
    http.put(kUrl, body);
    EXPECT_EQ(
        "'https://bucket.s3.amazonaws.com/': the answer is no S3 listing; try again later, "
        "or name a mirror of the bucket in TOPOBATHY_ENDPOINTS",
        refusal(ErrorCode::kUnreadable, [&] { list_s3(http, kBucket, "dem/"); }))
        << body.substr(0, 200);
  }
  http.put(kUrl, "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>");
  EXPECT_THAT(refusal(ErrorCode::kUnreadable, [&] { list_s3(http, kBucket, "dem/"); }),
              testing::HasSubstr("the S3 listing is cut and does not say how it goes on"));
  http.put(kUrl, page(""));
  EXPECT_THAT(refusal(ErrorCode::kUnreadable, [&] { list_s3(http, kBucket, "dem/"); }),
              testing::HasSubstr("the S3 listing has an object without a key"));
}

}  // namespace
}  // namespace topobathy
