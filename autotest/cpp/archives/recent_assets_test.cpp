#include <gtest/gtest.h>

#include "fusion/error.h"
#include "providers/archive/recent_assets.h"

namespace topobathy {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

/// A layer's look at its archive that counts how often it is taken.
class RecentAssetsTest : public ::testing::Test {
 protected:
  RecentAssets::Assets get(RecentAssets& recent, const LatticeWindow& window) {
    return recent.get(lattice_, window, [this] {
      ++looks_;
      if (fails_) throw Error(ErrorCode::kUnreadable, "no answer");
      Asset asset;
      asset.id = std::to_string(looks_);
      return std::vector<Asset>{asset};
    });
  }

  const Lattice lattice_ = Lattice::from_resolution("EPSG:4326", CrsTraits{}, 30);
  const LatticeWindow window_{0, 0, 186, 186};
  int looks_ = 0;
  bool fails_ = false;
};

TEST_F(RecentAssetsTest, AWindowIsLookedUpOnce) {
  RecentAssets recent{hours(1)};
  EXPECT_EQ("1", get(recent, window_)->front().id);
  EXPECT_EQ("1", get(recent, window_)->front().id);
  EXPECT_EQ("2", get(recent, {0, 0, 187, 186})->front().id) << "another window";
  EXPECT_EQ(2, looks_);
}

TEST_F(RecentAssetsTest, LevelsAreWindowsOfTheirOwn) {
  RecentAssets recent{hours(1)};
  get(recent, window_);
  recent.get(lattice_.at_level(1), window_, [this] {
    ++looks_;
    return std::vector<Asset>{};
  });
  EXPECT_EQ(2, looks_);
}

TEST_F(RecentAssetsTest, WhatIsOldIsLookedUpAgain) {
  RecentAssets recent{milliseconds(0)};
  get(recent, window_);
  EXPECT_EQ("2", get(recent, window_)->front().id);
}

TEST_F(RecentAssetsTest, ForgettingCountsForALookUnderWayToo) {
  RecentAssets recent{hours(1)};
  get(recent, window_);
  recent.forget();
  EXPECT_EQ("2", get(recent, window_)->front().id);
  recent.get(lattice_, {5, 5, 5, 5}, [&] {
    recent.forget();
    return std::vector<Asset>{};
  });
  EXPECT_EQ(1U, get(recent, {5, 5, 5, 5})->size())
      << "what was seen before is not remembered after";
}

TEST_F(RecentAssetsTest, AFailureIsNotRemembered) {
  RecentAssets recent{hours(1)};
  fails_ = true;
  EXPECT_THROW(get(recent, window_), Error);
  fails_ = false;
  EXPECT_EQ("2", get(recent, window_)->front().id);
}

}  // namespace
}  // namespace topobathy
