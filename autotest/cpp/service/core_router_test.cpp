#include <gtest/gtest.h>

#include "core_routes.h"
#include "fusion/error.h"
#include "utils/serve/server/front_door.h"
#include "utils/serve/server/router.h"

namespace topobathy {
namespace {

Routes some_routes() {
  Routes routes;
  for (const char* pattern : {"/tiles/{z}/{x}/{y}", "/tiles/{z}/{x}/coverage", "/tiles/coverage",
                              "/hydrate/{id}", "/viewer/{path*}"})
    routes.push_back(told_route(HttpMethod::kGet, pattern));
  routes.push_back(told_route(HttpMethod::kDelete, "/hydrate/{id}", Access::kChange));
  routes.push_back(told_route(HttpMethod::kPost, "/fuse"));
  Route socket;
  socket.pattern = "/hydrate/{id}/ws";
  socket.follow = [](const ServiceRequest&) { return std::unique_ptr<Followed>(); };
  routes.push_back(socket);
  return routes;
}

Admission admit(const std::string& method, const std::string& target) {
  const FrontDoor door(some_routes(), {});
  return door.admit({method, target, {{"host", "127.0.0.1:9595"}}, true, false});
}

std::string found(const std::string& method, const std::string& target) {
  const FrontDoor door(some_routes(), {});
  const Admission admission =
      door.admit({method, target, {{"host", "127.0.0.1:9595"}}, true, false});
  if (admission.refused) return std::to_string(admission.refused->status);
  std::string text = admission.route->pattern;
  for (const std::string& part : admission.request.parts)
    text += " " + part;
  return text;
}

TEST(Router, PartsStandForNames) {
  EXPECT_EQ(found("GET", "/tiles/13/2418/3075.png?style=chart"),
            "/tiles/{z}/{x}/{y} 13 2418 3075.png");
  EXPECT_EQ(found("DELETE", "/hydrate/abc"), "/hydrate/{id} abc");
}

TEST(Router, WhatIsSpeltOutComesFirst) {
  EXPECT_EQ(found("GET", "/tiles/13/2418/coverage"), "/tiles/{z}/{x}/coverage 13 2418");
  EXPECT_EQ(found("GET", "/tiles/coverage"), "/tiles/coverage");
}

TEST(Router, TheRestIsOnePart) {
  EXPECT_EQ(found("GET", "/viewer/"), "/viewer/{path*} ");
  EXPECT_EQ(found("GET", "/viewer/lib/map.js"), "/viewer/{path*} lib/map.js");
}

TEST(Router, NothingElseMatches) {
  for (const char* target : {"/", "/tiles", "/tiles/", "/tiles/1/2", "/tiles/1/2/3/4",
                             "/tiles//2/3", "/Fuse", "/fuse/", "/hydrate/", "/viewer"})
    EXPECT_EQ(found("GET", target), "404") << target;
}

TEST(Router, AWrongMethodIsToldTheRightOnes) {
  const Admission put = admit("PUT", "/hydrate/abc");
  EXPECT_EQ(put.refused->status, 405);
  EXPECT_EQ(put.refused->headers.front(),
            std::make_pair(std::string("Allow"), std::string("DELETE, GET, HEAD")));
  EXPECT_EQ(body_text(*put.refused),
            R"({"detail":"PUT is not for /hydrate/abc: it takes DELETE, GET, HEAD"})");
  EXPECT_EQ(admit("get", "/fuse").refused->headers.front().second, "POST");
}

TEST(Router, HeadIsAskedOfGetButNotOfWhatGoesOn) {
  EXPECT_EQ(found("HEAD", "/hydrate/abc"), "/hydrate/{id} abc");
  EXPECT_EQ(found("HEAD", "/fuse"), "405");
  EXPECT_EQ(found("HEAD", "/hydrate/abc/ws"), "405");
  EXPECT_EQ(found("GET", "/hydrate/abc/ws"), "/hydrate/{id}/ws abc");
}

TEST(Router, ABadAddressIsRefused) {
  const Admission bad = admit("GET", "/tiles/%zz/1/1");
  EXPECT_EQ(bad.refused->status, 400);
  EXPECT_EQ(bad.route, nullptr);
}

TEST(Router, TwoOfAKindAreAMistake) {
  Routes routes = some_routes();
  routes.push_back(told_route(HttpMethod::kPost, "/fuse"));
  EXPECT_THROW(Router router(routes), Error);
  EXPECT_THROW(Router router({Route()}), Error);
}

}  // namespace
}  // namespace topobathy
