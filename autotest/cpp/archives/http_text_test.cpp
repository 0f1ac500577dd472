#include <gtest/gtest.h>

#include "providers/http/content_range.h"
#include "providers/http/url.h"

namespace topobathy {
namespace {

TEST(ContentRange, IsReadStrictly) {
  const auto range = parse_content_range("bytes 2-4/10");
  ASSERT_TRUE(range);
  EXPECT_EQ(2U, range->bytes.first);
  EXPECT_EQ(4U, range->bytes.last);
  EXPECT_EQ(10, range->size);
  EXPECT_EQ(-1, parse_content_range("bytes 2-4/*")->size);
  for (const char* header :
       {"", "bytes", "bytes 2-4", "bytes 4-2/10", "bytes 2-10/10", "bytes */10", "bytes -2-4/10",
        "bytes 2-4/10x", "items 2-4/10", "bytes 2-4/99999999999999999999",
        "bytes 0-18446744073709551615/18446744073709551615", "bytes 2 - 4/10"})
    EXPECT_FALSE(parse_content_range(header)) << header;
}

TEST(Url, IsTakenApartAsLibcurlDoes) {
  const auto url = parse_url("HTTPS://User@Host.Example.:8443/a/../b?c=d#e");
  ASSERT_TRUE(url);
  EXPECT_EQ("https", url->scheme);
  EXPECT_EQ("host.example", url->host);
  EXPECT_EQ("8443", url->port);
  EXPECT_EQ("/b", url->path);
  EXPECT_EQ("c=d", url->query);
  EXPECT_TRUE(url->has_user);
  EXPECT_EQ("https://host.example:8443", url->origin());
  EXPECT_EQ("http://h:80", parse_url("http://h/")->origin());
  for (const char* text : {"", "host/a", "https:/host/a", "https:///host/a", "://", "http://",
                           "http://a b/", "http://h\r\nX: y/"})
    EXPECT_FALSE(parse_url(text)) << text;
}

TEST(Url, LinksAreFollowedFromTheirDocument) {
  EXPECT_EQ("https://h/a/c?d=e", absolute_url("https://h/a/b", "c?d=e"));
  EXPECT_EQ("https://h/c", absolute_url("https://h/a/b", "/c"));
  EXPECT_EQ("http://other/", absolute_url("https://h/a/b", "http://other/"));
  EXPECT_EQ("https://other/x", absolute_url("https://h/a/b", "//other/x"));
  EXPECT_EQ("https://h/a/my%20file", absolute_url("https://h/a/b", "my file"));
  EXPECT_EQ("", absolute_url("nonsense\n", "c"));
}

TEST(Url, GzipFilesAreKnownByTheirName) {
  EXPECT_TRUE(is_gzip_file("https://h/a.bag.gz?sig=1"));
  EXPECT_FALSE(is_gzip_file("https://h/a.bag?x=.gz"));
}

}  // namespace
}  // namespace topobathy
