#include "cache/cache_walk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>

#include "as_nobody.h"
#include "fusion/error.h"
#include "made_cache.h"
#include "refusal.h"

namespace topobathy {
namespace {

using ::testing::UnorderedElementsAre;

class CacheWalkTest : public ::testing::Test {
 protected:
  std::multiset<std::string> paths(const WalkOptions& options = {2, {}}) {
    std::mutex mutex;
    std::multiset<std::string> found;
    result_ = walk_cache(cache_.root(), options, [&](const CacheEntry& entry, std::size_t) {
      const std::lock_guard<std::mutex> lock(mutex);
      found.emplace(entry.path);
    });
    return found;
  }

  MadeCache cache_;
  WalkResult result_;
};

TEST_F(CacheWalkTest, every_file_comes_once_for_any_number_of_threads) {
  std::multiset<std::string> made;
  for (int i = 0; i < 5000; ++i)
    made.insert(cache_.add(MadeCache::fused(i, i % 3 == 0 ? "0123abcd" : "00000000"), 0));
  for (int i = 0; i < 50; ++i)
    made.insert(cache_.add("tiles/data/9/" + std::to_string(i) + "/1_0a1b2c3d.npy", 0));
  made.insert(cache_.add("sources.sqlite"));
  for (const std::size_t threads : {1U, 2U, 7U})
    EXPECT_EQ(paths({threads, {}}), made) << threads;
  EXPECT_EQ(result_.unread_count, 0U);
}

TEST_F(CacheWalkTest, an_entry_has_size_times_and_class) {
  cache_.add(MadeCache::fused(1), 17);
  cache_.age(MadeCache::fused(1), 3600);
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  walk_cache(cache_.root(), {1, {}}, [&](const CacheEntry& entry, std::size_t worker) {
    EXPECT_EQ(entry.size, 17U);
    EXPECT_EQ(entry.item.kind, ItemKind::kFusedCell);
    EXPECT_NEAR(static_cast<double>(now.tv_sec) - static_cast<double>(entry.used()) / 1e9, 3600, 5);
    EXPECT_TRUE(entry.is_file);
    EXPECT_EQ(worker, 0U);
  });
}

TEST_F(CacheWalkTest, links_are_given_and_not_followed) {
  const TestDirectory elsewhere;
  std::filesystem::create_directories(elsewhere.path() + "/raw");
  std::ofstream(elsewhere.path() + "/raw/a.bag") << "far away";
  cache_.add("ncei_cudem/raw/b.tif");
  std::filesystem::create_symlink(elsewhere.path(), cache_.root() + "/ncei_bag");
  std::filesystem::create_symlink(elsewhere.path() + "/raw/a.bag",
                                  cache_.root() + "/ncei_cudem/raw/a.bag");
  EXPECT_THAT(paths(),
              UnorderedElementsAre("ncei_bag", "ncei_cudem/raw/a.bag", "ncei_cudem/raw/b.tif"));
}

TEST_F(CacheWalkTest, the_root_itself_may_be_a_link) {
  cache_.add("sources.sqlite");
  const TestDirectory elsewhere;
  const std::string link = elsewhere.path() + "/link";
  std::filesystem::create_symlink(cache_.root(), link);
  std::atomic<int> count{0};
  walk_cache(link, {1, {}}, [&](const CacheEntry&, std::size_t) { ++count; });
  EXPECT_EQ(count, 1);
}

TEST_F(CacheWalkTest, files_may_go_while_the_walk_goes_on) {
  for (int i = 0; i < 3000; ++i)
    cache_.add(MadeCache::fused(i), 0);
  std::atomic<int> count{0};
  walk_cache(cache_.root(), {2, {}}, [&](const CacheEntry& entry, std::size_t) {
    ++count;
    ::unlink((cache_.root() + "/" + std::string(entry.path)).c_str());
    ::unlink((cache_.root() + "/" + MadeCache::fused(count + 100)).c_str());
  });
  EXPECT_GT(count, 1000);
  EXPECT_TRUE(cache_.content().empty());
}

TEST_F(CacheWalkTest, a_folder_can_be_left_out) {
  cache_.add(MadeCache::fused(1));
  cache_.add("ncei_bag/raw/a.bag");
  const FolderFilter enter = [](std::string_view folder) { return folder != "fused_zarr"; };
  EXPECT_THAT(paths({2, enter}), UnorderedElementsAre("ncei_bag/raw/a.bag"));
}

TEST_F(CacheWalkTest, what_a_visitor_throws_ends_the_walk) {
  for (int i = 0; i < 5000; ++i)
    cache_.add(MadeCache::fused(i), 0);
  std::atomic<int> count{0};
  EXPECT_THROW(walk_cache(cache_.root(), {2, {}},
                          [&](const CacheEntry&, std::size_t) {
                            if (++count == 10) throw Error(ErrorCode::kCancelled, "enough");
                          }),
               Error);
  EXPECT_LT(count, 4000);
}

TEST_F(CacheWalkTest, a_root_that_is_not_there_is_empty) {
  walk_cache(cache_.root() + "/none", {2, {}},
             [](const CacheEntry&, std::size_t) { FAIL() << "nothing is there"; });
}

TEST_F(CacheWalkTest, a_root_that_is_no_folder_is_refused) {
  cache_.add("file");
  const std::string root = cache_.root() + "/file";
  EXPECT_EQ(
      testing_support::refusal(ErrorCode::kCache,
                               [&] {
                                 walk_cache(root, {1, {}}, [](const CacheEntry&, std::size_t) {});
                               }),
      "the cache " + root + " is no folder; name another with --cache-dir");
}

TEST_F(CacheWalkTest, a_folder_that_may_not_be_read_is_told) {
  cache_.add("ncei_bag/raw/a.bag");
  cache_.add("sources.sqlite");
  const testing_support::AsNobody nobody(cache_.root());
  ASSERT_TRUE(nobody.holds());
  ::chmod((cache_.root() + "/ncei_bag").c_str(), 0);
  EXPECT_THAT(paths(), UnorderedElementsAre("sources.sqlite"));
  ::chmod((cache_.root() + "/ncei_bag").c_str(), 0755);
  ASSERT_EQ(result_.unread_count, 1U);
  EXPECT_EQ(result_.unread[0].path, "ncei_bag");
  EXPECT_EQ(result_.unread[0].why, "Permission denied");
}

}  // namespace
}  // namespace topobathy
