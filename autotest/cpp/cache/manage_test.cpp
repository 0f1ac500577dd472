#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <set>

#include "cache/cell_store.h"
#include "cache/manage/limit.h"
#include "cache/manage/purge.h"
#include "cache/manage/summary.h"
#include "cache/sqlite.h"
#include "made_cache.h"
#include "sample_cells.h"

namespace topobathy {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

TierSet only(int number) {
  TierSet set;
  set.add(number);
  return set;
}

const std::string kTile = "tiles/visual/hillshade/9/150/190_0a1b2c3d";

/// One of each kind of file there is; everything is a day old.
class ManageTest : public ::testing::Test {
 protected:
  ManageTest() {
    for (const std::string& path : {kTile + ".png",
                                    kTile + "_meta.json",
                                    kTile + "_src.npz",
                                    std::string("tiles/data/9/150/191_0a1b2c3d.npy"),
                                    MadeCache::fused(1),
                                    MadeCache::fused(2),
                                    MadeCache::fused(3, "99999999"),
                                    MadeCache::provided(1),
                                    MadeCache::provided(2, "usgs_3dep"),
                                    std::string("usgs_lidar/grids/a_4m.tif"),
                                    std::string("noaa_bluetopo/sidecars/a.aux.xml"),
                                    std::string("noaa_bluetopo/BlueTopo_Tile_Scheme.gpkg"),
                                    std::string("ncei_bag/raw/a.bag"),
                                    std::string("ncei_cudem/raw/b.tif"),
                                    std::string("ncei_cudem/raw/b.tif.edition.json"),
                                    std::string("sources.sqlite"),
                                    std::string("raster/headers.sqlite"),
                                    std::string("policies/Coast.0123abcd.yaml"),
                                    std::string("hydration_jobs/1.json"),
                                    std::string("locks/a.lock"),
                                    std::string("fused_zarr/0123abcd/.tmp-1-2"),
                                    std::string("ncei_bag/raw/.part-1-2"),
                                    std::string("notes.txt")})
      cache_.age(cache_.add(path), 86400);
    make_discovery();
  }

  void make_discovery() {
    cache_.add("ncei_bag/discovery.sqlite", 0);
    SqliteDatabase database(cache_.root() + "/ncei_bag/discovery.sqlite", SQLITE_OPEN_READWRITE);
    database.run("CREATE TABLE regions(id INTEGER PRIMARY KEY, name TEXT UNIQUE)");
    database.run("INSERT INTO regions VALUES(1, 'all')");
  }

  std::int64_t regions() {
    SqliteDatabase database(cache_.root() + "/ncei_bag/discovery.sqlite", SQLITE_OPEN_READONLY);
    return database.number("SELECT count(*) FROM sqlite_master");
  }

  PurgeRequest request(TierSet tiers) const {
    PurgeRequest wanted;
    wanted.root = cache_.root();
    wanted.tiers = tiers;
    wanted.threads = 2;
    return wanted;
  }

  /// Paths that a purge has taken away; what is left must be as it was.
  std::set<std::string> gone_by(const PurgeRequest& wanted) {
    const auto before = cache_.content();
    result_ = purge_cache(wanted);
    const auto after = cache_.content();
    std::set<std::string> gone;
    for (const auto& [path, content] : before) {
      const auto now = after.find(path);
      if (now == after.end()) gone.insert(path);
      if (now == after.end() || path == "ncei_bag/discovery.sqlite") continue;
      EXPECT_EQ(now->second, content) << path;
    }
    EXPECT_EQ(after.size() + gone.size(), before.size());
    return gone;
  }

  MadeCache cache_;
  PurgeResult result_;
};

TEST_F(ManageTest, a_summary_counts_every_file_once) {
  const CacheSummary summary = summarise_cache(cache_.root(), 2);
  EXPECT_EQ(summary.of_tier(1).items, 2U);
  EXPECT_EQ(summary.of_tier(1).files, 4U);
  EXPECT_EQ(summary.of_tier(2).items, 3U);
  EXPECT_EQ(summary.groups_of(2).at("0123abcd").items, 2U);
  EXPECT_EQ(summary.of_tier(3).items, 3U);
  EXPECT_EQ(summary.groups_of(3).at("usgs_lidar").items, 1U);
  EXPECT_EQ(summary.of_tier(4).items, 3U);
  EXPECT_EQ(summary.groups_of(4).at("noaa_bluetopo/sidecars/").files, 1U);
  EXPECT_EQ(summary.groups_of(4).count("ncei_bag/discovery.sqlite"), 1U);
  EXPECT_EQ(summary.of_tier(5).items, 2U);
  EXPECT_EQ(summary.of_tier(5).bytes, 30U);
  EXPECT_EQ(summary.beside.at("temporary").files, 1U);
  EXPECT_EQ(summary.beside.at("not ours").files, 1U);
  EXPECT_EQ(summary.companions.at("visual/hillshade _meta.json").files, 1U);
  EXPECT_EQ(summary.all.files, cache_.content().size());
}

TEST_F(ManageTest, purging_a_tier_takes_its_items_and_nothing_else) {
  EXPECT_THAT(gone_by(request(only(1))),
              UnorderedElementsAre(kTile + ".png", kTile + "_meta.json", kTile + "_src.npz",
                                   "tiles/data/9/150/191_0a1b2c3d.npy"));
  EXPECT_EQ(result_.tiers[0].items, 2U);
  EXPECT_EQ(result_.tiers[0].bytes, 40U);
  EXPECT_FALSE(cache_.has("tiles/visual"));
  EXPECT_THAT(gone_by(request(only(2))),
              UnorderedElementsAre(MadeCache::fused(1), MadeCache::fused(2),
                                   MadeCache::fused(3, "99999999")));
  EXPECT_EQ(result_.groups[1].at("0123abcd").items, 2U);
  EXPECT_TRUE(cache_.has("fused_zarr/0123abcd/.tmp-1-2"));
  EXPECT_FALSE(cache_.has("fused_zarr/99999999"));
  EXPECT_THAT(gone_by(request(only(3))),
              UnorderedElementsAre(MadeCache::provided(1), MadeCache::provided(2, "usgs_3dep"),
                                   "usgs_lidar/grids/a_4m.tif"));
  EXPECT_THAT(gone_by(request(only(4))),
              UnorderedElementsAre("noaa_bluetopo/sidecars/a.aux.xml",
                                   "noaa_bluetopo/BlueTopo_Tile_Scheme.gpkg"));
  EXPECT_EQ(result_.tiers[3].items, 3U);
  EXPECT_EQ(regions(), 0);
  EXPECT_THAT(gone_by(request(only(5))),
              UnorderedElementsAre("ncei_bag/raw/a.bag", "ncei_cudem/raw/b.tif",
                                   "ncei_cudem/raw/b.tif.edition.json"));
  const CacheSummary left = summarise_cache(cache_.root(), 1);
  for (int number = 1; number <= kTierCount; ++number)
    EXPECT_EQ(left.of_tier(number).items, 0U) << number;
  EXPECT_TRUE(gone_by(request(TierSet::all())).empty());
  EXPECT_EQ(result_.all().items, 0U);
}

TEST_F(ManageTest, a_dry_run_names_what_would_go_and_changes_nothing) {
  PurgeRequest wanted = request(TierSet::all());
  wanted.dry_run = true;
  std::set<std::string> named;
  wanted.each = [&](std::string_view path, std::uint64_t) { named.emplace(path); };
  EXPECT_TRUE(gone_by(wanted).empty());
  EXPECT_EQ(named.size(), 13U);
  EXPECT_EQ(result_.tiers[0].bytes, 40U);
  EXPECT_EQ(regions(), 2);  // the table and its index
}

TEST_F(ManageTest, a_purge_can_be_narrowed_by_provider_policy_and_age) {
  PurgeRequest wanted = request(only(3));
  wanted.filter.provider = "ncei_bag";
  EXPECT_THAT(gone_by(wanted), UnorderedElementsAre(MadeCache::provided(1)));
  wanted = request(only(2));
  wanted.filter.policies = {"99999999"};
  EXPECT_THAT(gone_by(wanted), UnorderedElementsAre(MadeCache::fused(3, "99999999")));
  wanted = request(only(2));
  wanted.filter.unused_since = (std::time(nullptr) - 2 * 86400) * std::int64_t{1000000000};
  EXPECT_TRUE(gone_by(wanted).empty());
  cache_.age(MadeCache::fused(2), 3 * 86400);
  EXPECT_THAT(gone_by(wanted), UnorderedElementsAre(MadeCache::fused(2)));
}

TEST_F(ManageTest, tiles_are_chosen_by_the_box_they_overlap) {
  PurgeRequest wanted = request(only(1));
  wanted.filter.bbox = tile_box({9, 150, 190});  // its neighbour below shares the edge only
  EXPECT_THAT(gone_by(wanted),
              UnorderedElementsAre(kTile + ".png", kTile + "_meta.json", kTile + "_src.npz"));
}

TEST_F(ManageTest, companions_that_another_item_shares_or_that_are_new_stay) {
  cache_.age(cache_.add("tiles/data/9/150/191_0a1b2c3d.npz"), 10);
  cache_.age(cache_.add("tiles/data/9/150/191_0a1b2c3d_meta.json"), 86400);
  PurgeRequest wanted = request(only(1));
  wanted.filter.unused_since = (std::time(nullptr) - 3600) * std::int64_t{1000000000};
  cache_.age(kTile + "_src.npz", -5);  // of a new picture that is not there yet
  EXPECT_THAT(gone_by(wanted), UnorderedElementsAre(kTile + ".png", kTile + "_meta.json",
                                                    "tiles/data/9/150/191_0a1b2c3d.npy"));
}

TEST_F(ManageTest, companions_whose_item_is_long_gone_go_too) {
  std::filesystem::remove(cache_.root() + "/" + kTile + ".png");
  cache_.age(kTile + "_src.npz", 60);
  EXPECT_THAT(gone_by(request(only(1))),
              UnorderedElementsAre(kTile + "_meta.json", "tiles/data/9/150/191_0a1b2c3d.npy"));
}

TEST_F(ManageTest, an_emptied_database_is_still_the_one_that_others_have_open) {
  SqliteDatabase other(cache_.root() + "/ncei_bag/discovery.sqlite", SQLITE_OPEN_READWRITE);
  EXPECT_EQ(other.number("SELECT count(*) FROM regions"), 1);
  gone_by(request(only(4)));
  EXPECT_EQ(other.number("SELECT count(*) FROM sqlite_master"), 0);
  other.run("CREATE TABLE others(id INTEGER PRIMARY KEY)");
  EXPECT_EQ(regions(), 1);
}

TEST_F(ManageTest, a_folder_of_a_databases_name_is_none_of_ours) {
  std::filesystem::remove(cache_.root() + "/ncei_bag/discovery.sqlite");
  std::filesystem::create_directory(cache_.root() + "/ncei_bag/discovery.sqlite");
  EXPECT_EQ(gone_by(request(only(4))).size(), 2U);
  EXPECT_EQ(result_.failed, 0U);
}

class CellFilterTest : public ::testing::Test {
 protected:
  CellKey store(const Lattice& lattice, CellIndex index, const std::string& provider = "") {
    CellKey key = sample::key(lattice, index);
    key.provider = provider;
    CellStore(cache_.root()).write(key, sample::terrain(key));
    return key;
  }
  /// Whether the cells are taken by a filter.
  std::vector<bool> taken(const ItemFilter& filter, const std::vector<CellKey>& keys) {
    PurgeRequest wanted;
    wanted.root = cache_.root();
    wanted.tiers = TierSet::all();
    wanted.filter = filter;
    wanted.dry_run = true;
    wanted.place = [](const CellFacts& facts) {
      return std::optional(CellPlace{{facts.left(), facts.bottom(), facts.right(), facts.top()},
                                     facts.pixel_size * 111320});
    };
    std::set<std::string> found;
    wanted.each = [&](std::string_view path, std::uint64_t) {
      found.insert(cache_.root() + "/" + std::string(path));
    };
    unknown_ = purge_cache(wanted).unknown;
    std::vector<bool> result;
    for (const CellKey& key : keys)
      result.push_back(found.count(CellStore(cache_.root()).path_of(key)) == 1);
    return result;
  }

  MadeCache cache_;
  std::uint64_t unknown_ = 0;
};

TEST_F(CellFilterTest, cells_are_chosen_by_what_they_say_of_themselves) {
  const Lattice base = sample::degrees(80);
  const std::vector<CellKey> keys = {store(base, {0, 0}), store(base, {1, 0}),
                                     store(base.at_level(2), {0, 0}),
                                     store(base, {0, 0}, "ncei_bag")};
  ItemFilter filter;
  filter.level = 2;
  EXPECT_THAT(taken(filter, keys), ElementsAre(false, false, true, false));
  filter = {};
  filter.resolution = 80;
  EXPECT_THAT(taken(filter, keys), ElementsAre(true, true, false, true));
  filter = {};
  filter.bbox = LonLatBox{0.001, -0.01, 0.002, -0.005};
  EXPECT_THAT(taken(filter, keys), ElementsAre(true, false, true, true));
  filter.level = 0;
  filter.policies = {std::string(8, 'a')};
  EXPECT_THAT(taken(filter, keys), ElementsAre(true, false, false, false));
}

TEST_F(CellFilterTest, a_damaged_cell_is_left_alone_and_counted) {
  cache_.add(MadeCache::fused(1));
  ItemFilter filter;
  filter.level = 0;
  EXPECT_TRUE(taken(filter, {}).empty());
  EXPECT_EQ(unknown_, 1U);
}

TEST(Overlap, edges_are_none_and_the_antimeridian_is_no_wall) {
  EXPECT_TRUE(overlap({0, 0, 2, 2}, {1, 1, 3, 3}));
  EXPECT_FALSE(overlap({0, 0, 1, 1}, {1, 0, 2, 1}));
  EXPECT_FALSE(overlap({0, 0, 1, 1}, {0, 1, 1, 2}));
  EXPECT_TRUE(overlap({179, 0, -179, 1}, {-179.5, 0, -178, 1}));
  EXPECT_TRUE(overlap({179, 0, -179, 1}, {179.5, 0, 180, 1}));
  EXPECT_FALSE(overlap({179, 0, -179, 1}, {-178, 0, -177, 1}));
  EXPECT_TRUE(overlap({179, 0, 181, 1}, {-180, 0, -179.5, 1}));
  EXPECT_TRUE(overlap({-180, -90, 180, 90}, {10, 10, 11, 11}));
}

TEST(TileBox, is_that_of_the_xyz_scheme) {
  const LonLatBox box = tile_box({13, 2418, 3075});
  EXPECT_NEAR(box.north, 40.88029480552823, 1e-12);
  EXPECT_NEAR(box.south, 40.84706035607122, 1e-12);
  EXPECT_NEAR(box.west, -73.740234375, 1e-12);
  EXPECT_NEAR(box.east, -73.6962890625, 1e-12);
}

class LimitTest : public ::testing::Test {
 protected:
  LimitResult limit(std::uint64_t bytes, TierSet tiers = only(2), bool dry_run = false) {
    LimitRequest request;
    request.root = cache_.root();
    request.bytes = bytes;
    request.tiers = tiers;
    request.dry_run = dry_run;
    request.threads = 2;
    return limit_cache(request);
  }

  MadeCache cache_;
};

TEST_F(LimitTest, the_least_recently_used_go_first_and_no_more_than_needed) {
  for (int i = 0; i < 10; ++i)
    cache_.age(cache_.add(MadeCache::fused(i), 100), 3600 * ((i * 7) % 10 + 1));
  const LimitResult result = limit(750);
  EXPECT_EQ(result.before, 1000U);
  EXPECT_EQ(result.after, 700U);
  EXPECT_EQ(result.tiers[1].items, 3U);
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(cache_.has(MadeCache::fused(i)), (i * 7) % 10 < 7) << i;
}

TEST_F(LimitTest, a_cache_within_its_limit_stays) {
  cache_.add(MadeCache::fused(1), 100);
  const LimitResult result = limit(100);
  EXPECT_EQ(result.tiers[1].items, 0U);
  EXPECT_TRUE(result.within(100));
  EXPECT_TRUE(cache_.has(MadeCache::fused(1)));
}

TEST_F(LimitTest, a_tier_is_emptied_before_the_next_is_touched) {
  TierSet tiers = only(1);
  tiers.add(3);
  cache_.age(cache_.add(kTile + ".png", 100), 10);
  cache_.age(cache_.add(kTile + "_src.npz", 100), 86400);
  cache_.age(cache_.add(MadeCache::fused(1), 100), 86400);
  for (int i = 0; i < 3; ++i)
    cache_.age(cache_.add(MadeCache::provided(i), 100), 86400 - i);
  EXPECT_EQ(limit(350, tiers).after, 300U);
  EXPECT_FALSE(cache_.has(kTile + ".png"));
  EXPECT_FALSE(cache_.has(kTile + "_src.npz"));
  EXPECT_FALSE(cache_.has(MadeCache::provided(0)));
  EXPECT_TRUE(cache_.has(MadeCache::provided(1)));
  EXPECT_TRUE(cache_.has(MadeCache::fused(1)));
}

TEST_F(LimitTest, a_limit_that_cannot_be_kept_removes_nothing) {
  cache_.add("ncei_bag/raw/a.bag", 500);
  cache_.add(MadeCache::fused(1), 100);
  const LimitResult result = limit(400);
  EXPECT_EQ(result.fixed, 500U);
  EXPECT_FALSE(result.within(400));
  EXPECT_TRUE(cache_.has(MadeCache::fused(1)));
}

TEST_F(LimitTest, a_dry_run_says_the_same_and_removes_nothing) {
  for (int i = 0; i < 10; ++i)
    cache_.age(cache_.add(MadeCache::fused(i), 100), 3600 * i);
  const auto before = cache_.content();
  const LimitResult dry = limit(450, only(2), true);
  EXPECT_EQ(cache_.content(), before);
  const LimitResult real = limit(450);
  EXPECT_EQ(dry.after, real.after);
  EXPECT_EQ(dry.tiers[1].items, real.tiers[1].items);
}

}  // namespace
}  // namespace topobathy
