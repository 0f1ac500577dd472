#include <thread>

#include "cache/audit_fixture.h"
#include "cache/policy_copy.h"
#include "service/cache_fixture.h"
#include "utils/serve/cache/remembered_text.h"

namespace topobathy::testing_support {
namespace {

using nlohmann::json;

class CacheFacts : public CacheRouteTest {};

TEST_F(CacheFacts, tiers_say_what_they_hold_and_which_is_dear) {
  const json tiers = routes().call("GET /api/v1/cache/tiers").json;
  ASSERT_EQ(5U, tiers.size());
  for (std::size_t k = 0; k < tiers.size(); ++k) {
    EXPECT_EQ(k + 1, tiers[k]["number"]);
    for (const char* name : {"name", "short_desc", "long_desc", "purge_reason"})
      EXPECT_FALSE(tiers[k][name].get<std::string>().empty()) << name;
    EXPECT_EQ(k == 4, tiers[k]["warning"].is_string());
  }
}

TEST_F(CacheFacts, a_summary_counts_items_files_and_bytes) {
  const json summary = routes().call("GET /api/v1/cache/summary").json;
  EXPECT_EQ(120, summary["total_bytes"]);
  EXPECT_EQ(12, summary["files"]);
  EXPECT_EQ(0.0, summary["total_mb"]);
  EXPECT_EQ(1, summary["tiers"][0]["items"]);
  EXPECT_EQ(2, summary["tiers"][0]["files"]);
  EXPECT_EQ(3, summary["tiers"][1]["items"]);
  EXPECT_EQ(30, summary["tiers"][1]["bytes"]);
  EXPECT_EQ(1, summary["beside"]["policy copy"]["files"]) << summary["beside"];
  EXPECT_EQ(std::string::npos, summary.dump().find(cache_.root()));
}

TEST_F(CacheFacts, a_summary_is_remembered_until_something_is_purged) {
  const auto called = routes();
  const auto bytes = [&](const std::map<std::string, std::string>& query = {}) {
    return called.call("GET /api/v1/cache/summary", nullptr, query).json["total_bytes"].get<int>();
  };
  EXPECT_EQ(120, bytes());
  cache_.add("more.txt", 1000);
  EXPECT_EQ(120, bytes());
  EXPECT_EQ(120, bytes({{"cache_bust", "true"}})) << "less than a second old";
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));
  EXPECT_EQ(1120, bytes({{"cache_bust", "true"}}));
  called.call("POST /api/v1/cache/purge", {{"tiers", {2}}, {"dry_run", false}});
  EXPECT_EQ(1090, bytes());
}

TEST_F(CacheFacts, parameters_that_mean_nothing_are_refused) {
  const auto answer = routes().call("GET /api/v1/cache/summary", nullptr, {{"cachebust", "1"}});
  EXPECT_EQ(400, answer.status);
  EXPECT_NE(std::string::npos, answer.detail().find("did you mean 'cache_bust'?"));
  EXPECT_EQ(400,
            routes().call("GET /api/v1/cache/detail", nullptr, {{"cache_bust", "maybe"}}).status);
}

TEST_F(CacheFacts, a_cache_that_is_not_there_is_empty) {
  settings_.policy.cache_dir = cache_.root() + "/nowhere";
  EXPECT_EQ(0, routes().call("GET /api/v1/cache/summary").json["total_bytes"]);
  EXPECT_EQ(json::array(), routes().call("GET /api/v1/cache/detail").json["tier_2"]["policies"]);
}

TEST_F(CacheFacts, a_root_that_cannot_be_read_is_told_without_its_path) {
  settings_.policy.cache_dir = cache_.root() + "/notes.txt";
  const auto answer = routes().call("GET /api/v1/cache/summary");
  EXPECT_EQ(500, answer.status);
  EXPECT_EQ(std::string::npos, answer.detail().find(cache_.root())) << answer.detail();
}

class CacheDetail : public AuditTest {
 protected:
  json detail() {
    ServiceSettings settings;
    settings.policy.cache_dir = settings_.root;
    return CalledRoutes(cache_routes(settings)).call("GET /api/v1/cache/detail").json;
  }
};

TEST_F(CacheDetail, policies_say_where_their_cells_lie) {
  add_cell(-1470);
  add_cell(-1468);
  add_cell(-1470, "ncei_bag");
  write_file(path("fused_zarr/01234567/" + std::string(64, '0') + ".zarr.zip"), "damaged");
  write_file(path("policies/Coast.01234567.yaml"), "path: /data/secret.tif");
  write_file(path("tiles/visual/chart/9/1/2_0a1b2c3d.png"), "x");
  write_file(path("tiles/visual/chart/9/1/2_0a1b2c3d_meta.json"), "{}");
  write_file(path("ncei_bag/raw/a.bag"), "12345");
  const json found = detail();
  const json& policy = found["tier_2"]["policies"].at(0);
  EXPECT_EQ("01234567", policy["policy_hash"]);
  EXPECT_EQ("Coast", policy["policy_name"]);
  EXPECT_EQ(3, policy["count"]);
  const json& level = policy["levels"].at(0);
  EXPECT_EQ(2, level["count"]);
  EXPECT_EQ(0, level["level"]);
  EXPECT_EQ("EPSG:4326", level["crs"]);
  EXPECT_NEAR(86, level["resolution_m"].get<double>(), 1);
  EXPECT_TRUE(level["zoom"].is_null());
  const json expected = {-73.5, 40.85, -73.35, 40.9};  // columns -1470 to -1468 of 0.05 degrees
  for (std::size_t k = 0; k < expected.size(); ++k)
    EXPECT_NEAR(expected[k].get<double>(), level["bbox"].at(k).get<double>(), 0.001) << level;
  EXPECT_EQ(1, found["cells_unreadable"]);
  EXPECT_EQ(1, found["tier_1"]["meta_count"]);
  EXPECT_EQ("visual/chart", found["tier_1"]["tile_subdirs"].at(0)["label"]);
  EXPECT_EQ("ncei_bag", found["tier_3"]["providers"].at(0)["name"]);
  EXPECT_EQ(1U, found["tier_3"]["providers"].at(0)["levels"].size());
  EXPECT_EQ(5, found["tier_5"]["raw_files"].at(0)["bytes"]);
  EXPECT_EQ(std::string::npos, found.dump().find("secret")) << "texts of policies name paths";
  EXPECT_EQ(std::string::npos, found.dump().find(directory_.path()));
}

TEST(RememberedAnswers, threads_that_ask_at_once_make_one) {
  std::atomic<int> made{0};
  RememberedText answer(std::chrono::milliseconds(5000), [&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return std::to_string(++made);
  });
  std::vector<std::thread> threads;
  for (int k = 0; k < 8; ++k)
    threads.emplace_back([&] { EXPECT_EQ("1", answer.text(true)); });
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(1, made);
  answer.forget();
  EXPECT_EQ("2", answer.text(false));
}

TEST(RememberedAnswers, one_that_failed_is_made_again) {
  int asked = 0;
  RememberedText answer(std::chrono::milliseconds(5000), [&]() -> std::string {
    if (++asked == 1) throw std::runtime_error("no");
    return "made";
  });
  EXPECT_THROW(answer.text(false), std::runtime_error);
  EXPECT_EQ("made", answer.text(false));
}

}  // namespace
}  // namespace topobathy::testing_support
