#include <gtest/gtest.h>

#include "core_routes.h"
#include "utils/serve/server/front_door.h"

namespace topobathy {
namespace {

using GuardHeaders = std::map<std::string, std::string>;

constexpr char kGoodToken[] = "Bearer secret-of-the-test";

Guard::Setup loopback() {
  return {true, "", {"https://maps.example.org"}};
}
Guard::Setup with_token(Guard::Setup setup) {
  setup.token = "secret-of-the-test";
  return setup;
}
Guard::Setup everywhere() {
  return {false, "", {"https://maps.example.org"}};
}

class Door {
 public:
  explicit Door(const Guard::Setup& setup) : door_(routes(), setup) {}

  /// Status of what is refused, 200 else.
  int ask(const std::string& method, const std::string& target, GuardHeaders headers = {},
          bool local = true) const {
    headers.emplace("host", "127.0.0.1:9595");
    const Admission admission = door_.admit({method, target, headers, local, false});
    return admission.refused ? admission.refused->status : 200;
  }
  int change(const GuardHeaders& headers = {}, bool local = true) const {
    return ask("DELETE", "/thing", headers, local);
  }

 private:
  static Routes routes() {
    Routes routes{told_route(HttpMethod::kGet, "/thing"), told_route(HttpMethod::kPost, "/ask"),
                  told_route(HttpMethod::kDelete, "/thing", Access::kChange)};
    Route socket;
    socket.pattern = "/thing/ws";
    socket.follow = [](const ServiceRequest&) { return std::unique_ptr<Followed>(); };
    routes.push_back(socket);
    return routes;
  }
  FrontDoor door_;
};

TEST(Guard, AnybodyMayRead) {
  for (const auto& setup : {loopback(), with_token(loopback()), everywhere()}) {
    EXPECT_EQ(Door(setup).ask("GET", "/thing"), 200);
    EXPECT_EQ(Door(setup).ask("GET", "/thing", {{"origin", "https://evil.example"}}, false), 200);
  }
}

TEST(Guard, WhoIsHereMayChangeAServerThatIsHere) {
  EXPECT_EQ(Door(loopback()).change(), 200);
  EXPECT_EQ(Door(with_token(loopback())).change(), 200);
  EXPECT_EQ(Door(loopback()).change({}, false), 403);
  EXPECT_EQ(Door(with_token(loopback())).change({}, false), 401);
}

TEST(Guard, AServerForOthersWantsTheToken) {
  EXPECT_EQ(Door(everywhere()).change(), 403);
  EXPECT_EQ(Door(everywhere()).change({{"authorization", kGoodToken}}), 403) << "there is none";
  const Door door(with_token(everywhere()));
  EXPECT_EQ(door.change(), 401);
  EXPECT_EQ(door.change({{"authorization", kGoodToken}}, false), 200);
  EXPECT_EQ(door.change({{"authorization", "bearer secret-of-the-test"}}, false), 200);
}

TEST(Guard, OnlyTheTokenIsTheToken) {
  const Door door(with_token(loopback()));
  for (const char* wrong :
       {"Bearer ", "Bearer", "Bearer secret-of-the-tes", "Bearer secret-of-the-test ",
        "Bearer  secret-of-the-test", "Basic secret-of-the-test", "secret-of-the-test",
        "Bearer SECRET-OF-THE-TEST", "Bearer secret-of-the-test, Bearer x"})
    EXPECT_EQ(door.change({{"authorization", wrong}}), 401) << wrong;
}

TEST(Guard, AProxyMakesNobodyLocal) {
  for (const char* header : {"forwarded", "x-forwarded-for", "x-forwarded-proto",
                             "x-forwarded-anything", "x-real-ip", "via", "cf-connecting-ip"}) {
    EXPECT_EQ(Door(loopback()).change({{header, "127.0.0.1"}}), 403) << header;
    EXPECT_EQ(Door(loopback()).change({{header, ""}}), 403) << header;
    const Door door(with_token(loopback()));
    EXPECT_EQ(door.change({{header, "127.0.0.1"}}), 401) << header;
    EXPECT_EQ(door.change({{header, "127.0.0.1"}, {"authorization", kGoodToken}}), 200) << header;
  }
}

TEST(Guard, PagesOfOtherSitesChangeNothing) {
  const Door door(with_token(loopback()));
  for (const char* origin :
       {"https://evil.example", "http://127.0.0.1:9596", "http://127.0.0.1",
        "http://127.0.0.1:9595.evil.example", "null", "file://", "http://127.0.0.1:9595/x",
        "http://user@127.0.0.1:9595", "https://maps.example.org.evil.example"})
    for (const auto& [method, target] : {std::pair("DELETE", "/thing"), std::pair("POST", "/ask"),
                                         std::pair("GET", "/thing/ws")}) {
      EXPECT_EQ(door.ask(method, target, {{"origin", origin}}), 403) << origin << " " << method;
      EXPECT_EQ(door.ask(method, target, {{"origin", origin}, {"authorization", kGoodToken}}), 403);
    }
  EXPECT_EQ(door.change({{"sec-fetch-site", "cross-site"}}), 403);
}

TEST(Guard, ItsOwnPagesAndThoseItNamesMay) {
  const Door door(loopback());
  EXPECT_EQ(door.change({{"origin", "http://127.0.0.1:9595"}, {"sec-fetch-site", "same-origin"}}),
            200);
  EXPECT_EQ(door.change({{"origin", "http://LOCALHOST:9595"}, {"host", "localhost:9595"}}), 200);
  EXPECT_EQ(door.ask("GET", "/thing/ws", {{"origin", "https://maps.example.org"}}), 200);
  EXPECT_EQ(door.ask("GET", "/thing/ws", {{"origin", "https://maps.example.org:443"}}), 200);
  EXPECT_EQ(door.ask("GET", "/thing/ws", {{"origin", "http://maps.example.org"}}), 403);
}

TEST(Guard, ANameThatSomebodyElseGaveUsIsNotOurs) {
  const Door door(loopback());
  for (const char* host : {"evil.example", "evil.example:9595", "127.0.0.1.evil.example",
                           "localhost.evil.example", "0.0.0.0:9595", "192.168.0.1"})
    EXPECT_EQ(door.ask("GET", "/thing", {{"host", host}}), 403) << host;
  for (const char* host : {"", "a b", "127.0.0.1/..", "user@127.0.0.1", "127.0.0.1?"})
    EXPECT_EQ(door.ask("GET", "/thing", {{"host", host}}), 400) << host;
  for (const char* host : {"127.0.0.1", "127.0.0.1:1", "localhost:9595", "LocalHost", "[::1]:9595",
                           "127.1.2.3", "maps.example.org"})
    EXPECT_EQ(door.ask("GET", "/thing", {{"host", host}}), 200) << host;
  EXPECT_EQ(Door(everywhere()).ask("GET", "/thing", {{"host", "any.example"}}, false), 200);
}

TEST(Guard, HostIsLeftOutByTheOldOnly) {
  const FrontDoor door({told_route(HttpMethod::kGet, "/thing")}, loopback());
  EXPECT_EQ(door.admit({"GET", "/thing", {}, true, false}).refused->status, 400);
  EXPECT_FALSE(door.admit({"GET", "/thing", {}, true, true}).refused);
}

TEST(Guard, OriginsAreTold) {
  for (const char* origin : {"http://a", "https://maps.example.org:8443", "http://[::1]:1"})
    EXPECT_TRUE(is_origin(origin)) << origin;
  for (const char* origin :
       {"", "*", "a", "http://a/", "http://a/b", "ftp://a", "http://a?b", "http://u@a"})
    EXPECT_FALSE(is_origin(origin)) << origin;
}

}  // namespace
}  // namespace topobathy
