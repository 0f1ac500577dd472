#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "archives/dem_archive_fixture.h"
#include "archives/stac_answers.h"
#include "providers/stac/stac_client.h"

namespace topobathy {
namespace {

using namespace dem_tests;

using nlohmann::json;
using testing::HasSubstr;

const std::string kRoot = kStacRoot;
const std::string kFirst = stac_search("c", "-74,40,-73,41");
const LonLatBox kSquare{-74, 40, -73, 41};

json one(const std::string& id) {
  return json::array({stac_item(id, {-74, 40, -73, 41}, "https://h/" + id + ".tif")});
}

class StacClientTest : public testing::Test {
 protected:
  std::vector<std::string> ids(const Endpoints& endpoints = {}) {
    std::vector<std::string> all;
    for (const StacItem& item : StacClient(http, endpoints).search("c", kSquare))
      all.push_back(item.id);
    return all;
  }
  std::string refusal() {
    return message_of([&] { ids(); });
  }

  std::shared_ptr<FakeHttp> http = std::make_shared<FakeHttp>();
};

using Ids = std::vector<std::string>;

TEST_F(StacClientTest, NoItemIsNoError) {
  http->put(kFirst, stac_page(json::array()));
  EXPECT_EQ(Ids{}, ids());
}

TEST_F(StacClientTest, TakesEveryPageLinkedByGet) {
  http->put(kFirst,
            stac_page(one("a"), {{"rel", "next"}, {"href", kRoot + "search?token=next:2"}}));
  http->put(kRoot + "search?token=next:2",
            stac_page(one("b"), {{"rel", "next"}, {"href", kRoot + "search?token=next:3"}}));
  http->put(kRoot + "search?token=next:3", stac_page(json::array({one("c")[0], one("a")[0]})));
  EXPECT_EQ((Ids{"a", "b", "c"}), ids()) << "each once";
}

TEST_F(StacClientTest, TakesEveryPageLinkedByPost) {
  std::vector<json> bodies;
  http->put(kFirst, stac_page(one("a"), {{"rel", "next"},
                                         {"method", "POST"},
                                         {"href", kRoot + "search"},
                                         {"merge", true},
                                         {"body", {{"token", "next:2"}}}}));
  http->put(kRoot + "search", [&](const HttpRequest& request) {
    EXPECT_EQ(HttpRequest::Method::kPost, request.method);
    bodies.push_back(json::parse(request.body));
    HttpAnswer answer;
    answer.status = 200;
    answer.body = bodies.size() == 1
                      ? stac_page(one("b"), {{"rel", "next"},
                                             {"method", "POST"},
                                             {"href", kRoot + "search"},
                                             {"body", {{"collections", {"c"}}, {"token", "3"}}}})
                      : stac_page(one("c"));
    return answer;
  });
  EXPECT_EQ((Ids{"a", "b", "c"}), ids());
  ASSERT_EQ(2U, bodies.size());
  EXPECT_EQ("next:2", bodies[0]["token"]);
  EXPECT_EQ(json({-74.0, 40.0, -73.0, 41.0}), bodies[0]["bbox"]) << "merged";
  EXPECT_EQ(json({{"collections", {"c"}}, {"token", "3"}}), bodies[1]) << "as it is";
}

TEST_F(StacClientTest, CirclesEnd) {
  http->put(kFirst, stac_page(one("a"), {{"rel", "next"}, {"href", kRoot + "search?token=2"}}));
  http->put(kRoot + "search?token=2", stac_page(one("b"), {{"rel", "next"}, {"href", kFirst}}));
  EXPECT_EQ("'" + kRoot + "search': the pages of the answer go in circles", refusal());
}

TEST_F(StacClientTest, PagesWithoutEndEnd) {
  for (int n = 1; n <= StacClient::kMaxPages + 1; ++n)
    http->put(n == 1 ? kFirst : kRoot + "search?token=" + std::to_string(n),
              stac_page(one("a"), {{"rel", "next"},
                                   {"href", kRoot + "search?token=" + std::to_string(n + 1)}}));
  EXPECT_EQ("'" + kRoot + "search': the answer has more than 400 pages", refusal());
  EXPECT_EQ(400U, http->calls().size());
}

TEST_F(StacClientTest, DoesNotFollowLinksThatLeadOut) {
  for (const std::string& href :
       {std::string("https://evil.example/api/stac/v1/search"), std::string("file:///etc/passwd"),
        kRoot + "../../x", kRoot + "search?a b", std::string()}) {
    http->put(kFirst, stac_page(one("a"), {{"rel", "next"}, {"href", href}}));
    EXPECT_EQ("'" + kRoot + "search': the link to the next page leads out of the catalogue",
              refusal())
        << href;
  }
}

TEST_F(StacClientTest, AMirrorMayLinkToItself) {
  const Endpoints mirror =
      Endpoints::read("planetarycomputer.microsoft.com=http://127.0.0.1:8080/{host}");
  http->put(kFirst, stac_page(one("a"), {{"rel", "next"},
                                         {"href", mirror.resolve(kRoot) + "search?token=2"}}));
  http->put(kRoot + "search?token=2", stac_page(one("b")));
  EXPECT_EQ((Ids{"a", "b"}), ids(mirror));
}

TEST_F(StacClientTest, RefusesWhatIsNoAnswer) {
  const std::string where = "'" + kRoot + "search': ";
  http->put(kFirst, "\n <!DOCTYPE html><html>sign in</html>");
  EXPECT_EQ(where +
                "the server answered with HTML where JSON is expected; the archive may be down, or "
                "a login page or proxy answers in its place",
            refusal());
  const std::string cut = where + "the answer is no JSON object, or it is cut; try again later";
  for (const std::string& body : {std::string(), std::string("[]"), std::string("\0", 1),
                                  stac_page(one("a")).substr(0, 60)}) {
    http->put(kFirst, body);
    EXPECT_EQ(cut, refusal());
  }
  http->put(kFirst, std::string(200000, '['));
  EXPECT_EQ(cut, refusal()) << "deep";
  http->put(kFirst, R"({"features":{}})");
  EXPECT_EQ(where + "the answer has no features", refusal());
  http->put(kFirst, R"({"features":[{"id":"../a"}]})");
  EXPECT_EQ(where + "an item has no id that can be a name", refusal());
  http->put(kFirst, std::string((std::size_t{32} << 20) + 1, ' '));
  EXPECT_EQ(where + "the answer is longer than 33554432 bytes", refusal());
  http->remove(kFirst);
  EXPECT_EQ(where +
                "the server answered HTTP 404; try again later, or set another endpoint for this "
                "host",
            refusal())
      << "not no coverage";
}

TEST_F(StacClientTest, APageThatFailsFailsTheSearch) {
  http->put(kFirst, stac_page(one("a"), {{"rel", "next"}, {"href", kRoot + "search?token=2"}}));
  http->put(kRoot + "search?token=2", stac_page(one("b")));
  for (const int n : {1, 2}) {
    http->fail_call(n);
    EXPECT_THAT(refusal(), HasSubstr("no answer"));
    EXPECT_EQ((Ids{"a", "b"}), ids());
  }
}

}  // namespace
}  // namespace topobathy
