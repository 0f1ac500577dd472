#include "service/cache_fixture.h"

namespace topobathy::testing_support {
namespace {

using nlohmann::json;

class CachePurge : public CacheRouteTest {};

TEST_F(CachePurge, is_a_dry_run_unless_it_says_otherwise) {
  const auto before = cache_.content();
  const json answer = purge({{"tiers", {1, 2, 5}}}).json;
  EXPECT_EQ("dry-run", answer["mode"]);
  EXPECT_EQ((json{{"count", 3}, {"bytes", 30}}), answer["summary"]["tier_2"]);
  EXPECT_EQ((json{{"count", 1}, {"bytes", 20}}), answer["summary"]["tier_1"]) << "with companions";
  EXPECT_EQ(5, answer["paths_total"]);
  EXPECT_EQ(5U, answer["paths"].size());
  EXPECT_EQ("5 items would be deleted", answer["message"]);
  EXPECT_EQ(before, cache_.content());
}

TEST_F(CachePurge, deletes_whole_tiers_and_nothing_else) {
  const json answer = purge({{"tiers", {2}}, {"dry_run", false}}).json;
  EXPECT_EQ("committed", answer["mode"]);
  EXPECT_EQ("success", answer["status"]);
  EXPECT_EQ(2, answer["groups"]["tier_2"]["0123abcd"]["count"]);
  EXPECT_FALSE(cache_.has(MadeCache::fused(1)));
  EXPECT_FALSE(cache_.has(MadeCache::fused(3, "99999999")));
  EXPECT_TRUE(cache_.has(MadeCache::provided(1)));
  EXPECT_TRUE(cache_.has(std::string(kTile) + ".png"));
}

TEST_F(CachePurge, hashes_narrow_tier_2_alone) {
  purge({{"tiers", {1, 2}}, {"tier_2_hashes", {"99999999"}}, {"dry_run", false}});
  EXPECT_FALSE(cache_.has(MadeCache::fused(3, "99999999")));
  EXPECT_TRUE(cache_.has(MadeCache::fused(1)));
  EXPECT_FALSE(cache_.has(std::string(kTile) + ".png"));
}

TEST_F(CachePurge, filters_narrow_it) {
  purge({{"tiers", {2}}, {"policy", "Coast"}, {"dry_run", false}});
  EXPECT_FALSE(cache_.has(MadeCache::fused(1)));
  EXPECT_TRUE(cache_.has(MadeCache::fused(3, "99999999")));
  EXPECT_EQ(0, purge({{"tiers", {2}}, {"older_than", "30d"}}).json["summary"]["tier_2"]["count"]);
  EXPECT_EQ(1, purge({{"tiers", {2}}, {"older_than", "2h"}}).json["summary"]["tier_2"]["count"]);
  EXPECT_EQ(0,
            purge({{"tiers", {3}}, {"provider", "usgs_3dep"}}).json["summary"]["tier_3"]["count"]);
  const json tile = purge({{"tiers", {1, 2}}, {"bbox", {-75, 35, -74, 45}}}).json;
  EXPECT_EQ(1, tile["unknown"]) << "a cell that cannot be read does not say where it lies";
}

TEST_F(CachePurge, tier_5_wants_a_yes) {
  const auto before = cache_.content();
  for (const json& order :
       {json{{"tiers", {5}}, {"dry_run", false}},
        json{{"tiers", {1, 5}}, {"dry_run", false}, {"yes", false}},
        json{{"tiers", {5}}, {"dry_run", false}, {"yes", true}, {"confirm", "purge"}}}) {
    EXPECT_EQ(400, purge(order).status) << order;
    EXPECT_EQ(before, cache_.content());
  }
  EXPECT_EQ(200, purge({{"tiers", {5}}}).status) << "looking needs none";
  purge({{"tiers", {5}}, {"dry_run", false}, {"yes", true}, {"confirm", "PURGE"}});
  EXPECT_FALSE(cache_.has("ncei_bag/raw/a.bag"));
}

TEST_F(CachePurge, wrong_orders_delete_nothing) {
  struct Wrong {
    const char* body;
    int status;
    const char* message;
  };
  const Wrong table[] = {
      {"", 400, "'tiers'"},
      {R"({"tiers": []})", 400, "'tiers'"},
      {R"({"tiers": [6]})", 400, "6 is no tier"},
      {R"({"tiers": [0]})", 400, "0 is no tier"},
      {R"({"tiers": ["2"]})", 422, "'tiers' is to be a list of whole numbers"},
      {R"({"tiers": [2], "dry_run": "false"})", 422, "'dry_run' is to be true or false"},
      {R"({"tiers": [2], "dryrun": false})", 422, "did you mean 'dry_run'?"},
      {R"({"tiers": [2], "dry_run": false, "tier_2_hashes": []})", 422, "leave it out"},
      {R"({"tiers": [2], "dry_run": false, "tier_2_hashes": ["../../x"]})", 422, "8 digits"},
      {R"({"tiers": [1], "dry_run": false, "tier_2_hashes": ["99999999"]})", 422, "narrows tier 2"},
      {R"({"tiers": [1], "dry_run": false, "policy": "Coast"})", 400,
       "policy means nothing for tier 1"},
      {R"({"tiers": [2], "dry_run": false, "policy": "/etc/passwd"})", 422, "'policy' is to be"},
      {R"({"tiers": [2], "dry_run": false, "policy": "Coats"})", 422, "did you mean 'Coast'?"},
      {R"({"tiers": [3], "dry_run": false, "provider": "usgs_3dp"})", 422,
       "did you mean 'usgs_3dep'?"},
      {R"({"tiers": [2], "dry_run": false, "older_than": "old"})", 422,
       "older_than old: is no age"},
      {R"({"tiers": [2], "dry_run": false, "bbox": [0, 1, 1, 0]})", 422,
       "south is not below north"},
      {R"({"tiers": [2], "dry_run": false, "level": -1})", 422, "'level'"},
      {R"({"tiers": [2], "dry_run": false, "resolution": 0})", 422, "'resolution'"},
  };
  const auto before = cache_.content();
  for (const Wrong& wrong : table) {
    const auto answer = routes().call_text("POST /api/v1/cache/purge", wrong.body);
    EXPECT_EQ(wrong.status, answer.status) << wrong.body << answer.json;
    EXPECT_NE(std::string::npos, answer.detail().find(wrong.message))
        << wrong.body << ": " << answer.detail();
  }
  EXPECT_EQ(before, cache_.content());
}

TEST_F(CachePurge, only_looking_needs_no_right_to_change) {
  const auto called = routes();
  const auto reads = [&](const char* path, const std::string& body) {
    auto [route, request] = called.at(path);
    EXPECT_EQ(Access::kChange, route->access);
    request.body = body;
    return route->only_reads(request);
  };
  const char* const purging = "POST /api/v1/cache/purge";
  EXPECT_TRUE(reads(purging, R"({"tiers": [1]})"));
  EXPECT_TRUE(reads(purging, R"({"tiers": [1], "dry_run": true})"));
  EXPECT_FALSE(reads(purging, R"({"tiers": [1], "dry_run": false})"));
  EXPECT_FALSE(reads(purging, R"({"tiers": [1], "dry_run": 0})"));
  EXPECT_FALSE(reads(purging, "nonsense"));
  for (const char* path : {"POST /api/v1/cache/check", "POST /api/v1/cache/orphans"}) {
    EXPECT_TRUE(reads(path, "{}"));
    EXPECT_TRUE(reads(path, ""));
    EXPECT_FALSE(reads(path, R"({"clean": true})"));
    EXPECT_FALSE(reads(path, R"({"clean": "yes"})"));
    EXPECT_FALSE(reads(path, "["));
  }
  EXPECT_FALSE(called.at("POST /cache/clear").first->only_reads);
}

TEST_F(CachePurge, the_old_route_purges_by_post_only) {
  const auto before = cache_.content();
  const auto called = routes();
  const auto [route, request] = called.at("GET /cache/clear");
  const ServiceAnswer refused = route->handler(request);
  EXPECT_EQ(405, refused.status);
  EXPECT_EQ((std::pair<std::string, std::string>{"Allow", "POST"}), refused.headers.at(0));
  const auto clear = [&](const std::map<std::string, std::string>& query) {
    return routes().call("POST /cache/clear", nullptr, query);
  };
  EXPECT_EQ(400, clear({{"type", "all"}}).status);
  EXPECT_EQ(400, clear({{"type", "source"}, {"yes", "no"}}).status);
  EXPECT_EQ("'type' is to be output, source, orphaned or all: did you mean 'output'?",
            clear({{"type", "outputs"}}).detail());
  EXPECT_EQ(400, clear({{"typ", "all"}}).status);
  EXPECT_EQ(400, routes().call("POST /cache/clear", json{{"type", "all"}}).status);
  EXPECT_EQ(before, cache_.content());

  const json output = clear({}).json;
  EXPECT_EQ("success", output["status"]);
  EXPECT_EQ((json{"tier_1(1)", "tier_2(3)"}), output["cleared"]);
  EXPECT_TRUE(cache_.has("ncei_bag/raw/a.bag"));
  const json orphaned = clear({{"type", "orphaned"}}).json;
  EXPECT_EQ((json{"orphaned_locks(1)", "orphaned_tmps(1)"}), orphaned["cleared"]);
  EXPECT_FALSE(cache_.has("locks/a.lock"));
  EXPECT_EQ(200, clear({{"type", "all"}, {"yes", "true"}}).status);
  EXPECT_FALSE(cache_.has("ncei_bag/raw/a.bag"));
  EXPECT_TRUE(cache_.has("policies/Coast.0123abcd.yaml"));
  EXPECT_TRUE(cache_.has("notes.txt"));
}

}  // namespace
}  // namespace topobathy::testing_support
