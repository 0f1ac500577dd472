#include <gtest/gtest.h>

#include "utils/serve/http_error.h"
#include "utils/serve/server/request_target.h"

namespace topobathy {
namespace {

int refused_target(const std::string& target) {
  try {
    read_target(target);
  } catch (const HttpError& error) {
    EXPECT_FALSE(std::string(error.what()).empty());
    return error.status();
  }
  return 200;
}

TEST(RequestTarget, PathAndQueryAreDecoded) {
  const RequestTarget target =
      read_target("/a%20b/%C3%A9+/?crs=EPSG%3A3857&name=two+words&empty=&x");
  EXPECT_EQ(target.path, "/a b/\u00e9+/");
  EXPECT_EQ(target.parts, (std::vector<std::string>{"a b", "\u00e9+", ""}));
  EXPECT_EQ(target.query,
            (std::map<std::string, std::string>{
                {"crs", "EPSG:3857"}, {"name", "two words"}, {"empty", ""}, {"x", ""}}));
}

TEST(RequestTarget, TextOfSeveralLinesMayStandInTheQuery) {
  EXPECT_EQ(read_target("/fuse?policy_yaml=a:%0A%20%20b").query.at("policy_yaml"), "a:\n  b");
}

TEST(RequestTarget, WhatIsMalformedIsRefused) {
  for (const char* target :
       {"",       "a",      "*",          "http://other/a", "/a%",  "/a%2",    "/a%zz",
        "/?a=%4", "/%00",   "/?a=%00b",   "/%1b[2J",        "/%ff", "/?a=%c3", "/?%e2%82=1",
        "/a#b",   "/%0a",   "/a?b=1&b=2", "/a?b=1&%62=1",   "/..",  "/a/../b", "/%2e%2e/etc",
        "/.",     "/a%2fb", "/a%2Fb"})
    EXPECT_EQ(refused_target(target), 400) << target;
}

TEST(RequestTarget, ParametersAreCounted) {
  std::string target = "/a?";
  for (int i = 0; i < 64; ++i)
    target += "p" + std::to_string(i) + "=1&";
  EXPECT_EQ(refused_target(target), 200);
  EXPECT_EQ(refused_target(target + "one=more"), 400);
}

}  // namespace
}  // namespace topobathy
