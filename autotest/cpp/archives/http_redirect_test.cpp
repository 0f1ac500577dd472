#include "http_fixture.h"

namespace topobathy {
namespace {

using ::testing::HasSubstr;

class HttpRedirect : public HttpTest {};

TEST_F(HttpRedirect, IsFollowedToHostsOfArchives) {
  server_.put(place("/a"), {redirects("https://data.ngdc.noaa.gov/b?x=1")});
  server_.put("/data.ngdc.noaa.gov/b?x=1", {says("there")});
  EXPECT_EQ("there", get("/a").body);
}

TEST_F(HttpRedirect, MayBeRelative) {
  server_.put(place("/d/a"), {redirects("b", 301)});
  server_.put(place("/d/b"), {redirects("../c", 308)});
  server_.put(place("/c"), {says("there")});
  EXPECT_EQ("there", get("/d/a").body);
}

TEST_F(HttpRedirect, ElsewhereIsNotFollowed) {
  for (const char* target : {"https://evil.example/b?sig=1", "http://169.254.169.254/latest",
                             "http://localhost/", "ftp://coast.noaa.gov/a", "file:///etc/passwd"}) {
    server_.put(place("/a"), {redirects(target)});
    EXPECT_EQ("'https://coast.noaa.gov/a': the server redirects to '" + without_secrets(target) +
                  "', which is no host of a known archive; it is not followed",
              refusal_of("/a"));
  }
  EXPECT_EQ(5U, server_.count());
}

TEST_F(HttpRedirect, WithoutATargetIsAnError) {
  server_.put(place("/a"), {refuses(302)});
  EXPECT_THAT(refusal_of("/a"), HasSubstr("the server redirects and does not say where to"));
}

TEST_F(HttpRedirect, InACircleIsAnError) {
  server_.put(place("/a"), {redirects("/coast.noaa.gov/b")});
  server_.put(place("/b"), {redirects("/coast.noaa.gov/a")});
  EXPECT_THAT(refusal_of("/a"), HasSubstr("more than 5 redirects, the last to '"));
  EXPECT_EQ(6U, server_.count());
}

TEST_F(HttpRedirect, KeepsAPostOnlyWhereTheServerSaysSo) {
  HttpRequest post{published("/a")};
  post.method = HttpRequest::Method::kPost;
  post.body = "{}";
  server_.put(place("/b"), {says("x")});
  server_.put(place("/a"), {redirects("b", 307)});
  client().ask(post);
  EXPECT_EQ("POST", server_.requests().back().method);
  EXPECT_EQ("{}", server_.requests().back().body);
  server_.put(place("/a"), {redirects("b", 303)});
  client().ask(post);
  EXPECT_EQ("GET", server_.requests().back().method);
}

TEST_F(HttpRedirect, KeepsTheRange) {
  server_.put(place("/a"), {redirects("b", 302)});
  server_.put(place("/b"), {says("0123456789")});
  HttpRequest request{published("/a")};
  request.range = ByteRange{3, 5};
  EXPECT_EQ("345", client().ask(request).body);
}

TEST_F(HttpRedirect, IsTriedAgainFromItsBeginning) {
  server_.put(place("/a"), {redirects("b")});
  server_.put(place("/b"), {refuses(503), says("there")});
  EXPECT_EQ("there", get("/a").body);
  EXPECT_EQ(4U, server_.count());
}

}  // namespace
}  // namespace topobathy
