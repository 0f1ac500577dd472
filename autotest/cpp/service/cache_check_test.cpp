#include <thread>

#include "cache/audit_fixture.h"
#include "service/cache_fixture.h"

namespace topobathy::testing_support {
namespace {

using nlohmann::json;

class CacheCheck : public AuditTest {
 protected:
  CalledRoutes::Answer post(const std::string& name, const json& order) const {
    ServiceSettings settings;
    settings.policy.cache_dir = settings_.root;
    const auto answer =
        CalledRoutes(cache_routes(settings, bounds_)).call("POST /api/v1/cache/" + name, order);
    EXPECT_EQ(std::string::npos, answer.json.dump().find(directory_.path())) << answer.json;
    return answer;
  }
  void add_leftovers() const {
    write_file(path("locks/a.lock"), "");
    write_file(path("fused_zarr/01234567/.tmp-999999999-2"), "12345");
    make_old(path("locks/a.lock"));
    make_old(path("fused_zarr/01234567/.tmp-999999999-2"));
  }

  AuditBounds bounds_;
};

TEST_F(CacheCheck, a_sound_cache_is_sound) {
  add_cell(-1470);
  const json answer = post("check", json::object()).json;
  EXPECT_EQ("complete", answer["status"]);
  EXPECT_EQ("list-only", answer["mode"]);
  EXPECT_EQ("nothing is wrong", answer["message"]);
  EXPECT_EQ(0, answer["damage"]);
  EXPECT_EQ(0, answer["findings_total"]) << answer["findings"];
}

TEST_F(CacheCheck, damage_is_told_and_deleted_when_asked) {
  const std::string sound = add_cell(-1470), damaged = add_cell(-1469);
  cut(damaged, 0.5);
  const json found = post("check", {{"quick", true}}).json;
  EXPECT_EQ(1, found["damage"]);
  EXPECT_EQ(1, found["found"]["damaged-cell"]);
  EXPECT_EQ(relative(damaged), found["findings"].at(0)["path"]);
  EXPECT_TRUE(std::filesystem::exists(damaged));
  const json cleaned = post("check", {{"clean", true}}).json;
  EXPECT_EQ("committed", cleaned["mode"]);
  EXPECT_EQ(0, cleaned["left"]);
  EXPECT_EQ("repaired", cleaned["findings"].at(0)["outcome"]);
  EXPECT_FALSE(std::filesystem::exists(damaged));
  EXPECT_TRUE(std::filesystem::exists(sound));
}

TEST_F(CacheCheck, content_is_read_when_asked) {
  const std::string cell = add_cell(-1470);
  flip_byte(cell, 3000);
  EXPECT_EQ(0, post("check", json::object()).json["damage"]);
  EXPECT_EQ(1, post("check", {{"quick", false}}).json["damage"]);
}

TEST_F(CacheCheck, an_answer_tells_some_and_counts_all) {
  for (int k = 0; k < 12; ++k)
    write_file(path("fused_zarr/01234567/" + MadeCache::hash(k) + ".zarr.zip"), "damaged");
  bounds_.findings = 5;
  const json answer = post("check", json::object()).json;
  EXPECT_EQ(5U, answer["findings"].size());
  EXPECT_EQ(12, answer["findings_total"]);
}

TEST_F(CacheCheck, one_that_takes_too_long_is_stopped_and_says_so) {
  for (int k = 0; k < 200; ++k)
    write_file(path("fused_zarr/01234567/" + MadeCache::hash(k) + ".zarr.zip"), "damaged");
  bounds_.time = std::chrono::milliseconds(0);
  const json answer = post("check", json::object()).json;
  EXPECT_EQ("stopped", answer["status"]);
  EXPECT_LT(answer["files"].get<int>(), 200);
  EXPECT_NE(std::string::npos,
            answer["message"].get<std::string>().find("not all has been looked at"));
}

TEST_F(CacheCheck, orphans_are_listed_and_deleted_when_asked) {
  const std::string cell = add_cell(-1470);
  cut(cell, 0.5);
  add_leftovers();
  const json listed = post("orphans", json::object()).json;
  EXPECT_EQ("list-only", listed["mode"]);
  EXPECT_EQ(2, listed["orphans"]["count"]);
  EXPECT_EQ(5, listed["orphans"]["total_bytes"]);
  EXPECT_EQ("locks/a.lock", listed["orphans"]["locks"].at(0)["path"]);
  EXPECT_GT(listed["orphans"]["locks"].at(0)["age_sec"].get<double>(), 3600);
  EXPECT_EQ("fused_zarr/01234567/.tmp-999999999-2", listed["orphans"]["tmp_files"].at(0)["path"]);
  EXPECT_TRUE(std::filesystem::exists(path("locks/a.lock")));
  EXPECT_EQ("committed", post("orphans", {{"clean", true}}).json["mode"]);
  EXPECT_FALSE(std::filesystem::exists(path("locks/a.lock")));
  EXPECT_TRUE(std::filesystem::exists(cell)) << "that is for a check";
}

TEST_F(CacheCheck, wrong_orders_are_refused) {
  EXPECT_EQ(422, post("check", {{"clean", 1}}).status);
  EXPECT_EQ(422, post("check", {{"lock_timeout", 0}}).status);
  EXPECT_EQ(422, post("check", {{"cleen", true}}).status);
  EXPECT_EQ(422, post("orphans", {{"quick", true}}).status);
  EXPECT_EQ(400, post("check", json::array()).status);
}

TEST_F(CacheCheck, one_at_a_time) {
  for (int k = 0; k < 50; ++k)
    add_cell(k);
  ServiceSettings settings;
  settings.policy.cache_dir = settings_.root;
  const CalledRoutes called(cache_routes(settings));
  std::atomic<int> done{0}, busy{0};
  std::vector<std::thread> threads;
  for (int k = 0; k < 4; ++k)
    threads.emplace_back([&] {
      const auto answer = called.call("POST /api/v1/cache/check", {{"quick", false}});
      ++(answer.status == 429 && answer.retry_after ? busy : done);
    });
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_GE(done, 1);
  EXPECT_EQ(4, done + busy);
  EXPECT_GE(busy, 1);
}

}  // namespace
}  // namespace topobathy::testing_support
