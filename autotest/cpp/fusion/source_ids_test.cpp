#include "fusion/source_ids.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

namespace topobathy {
namespace {

SourceRecord source(const std::string& provider, const std::string& key) {
  SourceRecord record;
  record.provider = provider;
  record.key = key;
  return record;
}

SourceRecord step(const std::string& key) {
  SourceRecord record = source("raster", key);
  record.whole_step = true;
  return record;
}

/// Two sources that prefer one id.
std::pair<SourceRecord, SourceRecord> colliding() {
  std::map<SourceId, std::string> seen;
  for (int i = 0;; ++i) {
    const std::string key = "step" + std::to_string(i);
    const auto [it, fresh] = seen.emplace(preferred_source_id(step(key)), key);
    if (!fresh) return {step(it->second), step(key)};
  }
}

TEST(SourceIds, TheIdOfASourceIsTheSameInEveryProcess) {
  // Golden: 65536 + SHA-256("raster\0file:a.tif") mod (2^24 - 65536), first 15 hex digits.
  const SourceId id = preferred_source_id(source("raster", "file:a.tif"));
  EXPECT_EQ(id, MemorySourceIds().assign(source("raster", "file:a.tif")));
  EXPECT_EQ(id, 976852U);
}

TEST(SourceIds, KeyedSourcesAndWholeStepsHaveRangesOfTheirOwn) {
  for (int i = 0; i < 2000; ++i) {
    const std::string key = std::to_string(i);
    const SourceId keyed = preferred_source_id(source("raster", key));
    EXPECT_GE(keyed, kFirstKeyedSource);
    EXPECT_LT(keyed, kSourceIdEnd);
    const SourceId whole = preferred_source_id(step(key));
    EXPECT_GT(whole, kBackgroundSource);
    EXPECT_LT(whole, kFirstKeyedSource);
    EXPECT_EQ(static_cast<SourceId>(static_cast<float>(keyed)), keyed) << "exact in Float32";
  }
}

TEST(SourceIds, ProviderAndKeyDoNotRunIntoEachOther) {
  EXPECT_NE(preferred_source_id(source("ab", "c")), preferred_source_id(source("a", "bc")));
}

TEST(SourceIds, TheNextIdStaysInItsRange) {
  EXPECT_EQ(next_source_id(2), 3U);
  EXPECT_EQ(next_source_id(kFirstKeyedSource - 1), 2U) << "never none, never the background";
  EXPECT_EQ(next_source_id(kSourceIdEnd - 1), kFirstKeyedSource);
}

TEST(SourceIds, TwoSourcesNeverShareAnId) {
  const auto [first, second] = colliding();
  MemorySourceIds ids;
  const SourceId a = ids.assign(first), b = ids.assign(second);
  EXPECT_EQ(a, preferred_source_id(first));
  EXPECT_EQ(b, next_source_id(a));
  EXPECT_EQ(ids.assign(first), a);
  EXPECT_EQ(ids.assign(second), b);
  EXPECT_EQ(ids.find(a)->key, first.key);
  EXPECT_EQ(ids.find(b)->key, second.key);
}

TEST(SourceIds, SourcesOfOneKeyInTwoPlacesHaveTwoIds) {
  SourceRecord here = source("raster", "file:data/a.tif"), there = here;
  here.location = "/north/data/a.tif";
  there.location = "/south/data/a.tif";
  EXPECT_EQ(preferred_source_id(here), preferred_source_id(there)) << "the same on every machine";
  MemorySourceIds ids;
  const SourceId a = ids.assign(here), b = ids.assign(there);
  EXPECT_EQ(a, preferred_source_id(here));
  EXPECT_EQ(b, next_source_id(a));
  EXPECT_EQ(ids.assign(here), a);
  EXPECT_EQ(ids.find(a)->location, here.location);
  EXPECT_EQ(ids.find(b)->location, there.location);
}

TEST(SourceIds, RefreshingChangesTheRowAndKeepsTheId) {
  SourceRecord record = source("raster", "survey:H10001");
  MemorySourceIds ids;
  ids.refresh(record);
  EXPECT_TRUE(ids.all().empty()) << "no id for what nobody has shown";
  const SourceId id = ids.assign(record);
  record.license_name = "CC0";
  EXPECT_EQ(ids.assign(record), id);
  EXPECT_EQ(ids.find(id)->license_name, "") << "may be second-hand";
  ids.refresh(record);
  EXPECT_EQ(ids.find(id)->license_name, "CC0");
  EXPECT_EQ(ids.all().size(), 1U);
}

TEST(SourceIds, AnUnknownIdHasNoRecord) {
  EXPECT_FALSE(MemorySourceIds().find(70000).has_value());
  EXPECT_EQ(background_record()->provider, "background");
}

TEST(SourceIds, ThreadsThatAssignAtOnceAgree) {
  MemorySourceIds ids;
  constexpr int kSources = 500;
  std::vector<std::vector<SourceId>> given(4);
  std::vector<std::thread> threads;
  for (auto& mine : given)
    threads.emplace_back([&] {
      for (int i = 0; i < kSources; ++i)
        mine.push_back(ids.assign(source("raster", std::to_string(i))));
    });
  for (auto& thread : threads)
    thread.join();
  for (const auto& mine : given)
    EXPECT_EQ(mine, given.front());
  EXPECT_EQ(std::set<SourceId>(given[0].begin(), given[0].end()).size(),
            static_cast<std::size_t>(kSources));
  EXPECT_EQ(ids.all().size(), static_cast<std::size_t>(kSources));
}

}  // namespace
}  // namespace topobathy
