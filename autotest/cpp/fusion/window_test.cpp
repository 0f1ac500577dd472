#include "fusion/window.h"

#include <gtest/gtest.h>

#include "fusion/block_mask.h"
#include "fusion/plane.h"

namespace topobathy {
namespace {

using W = LatticeWindow;

TEST(Window, IsHalfOpen) {
  const W window{-2, 3, 4, 5};
  EXPECT_TRUE(window.contains(-2, 3));
  EXPECT_TRUE(window.contains(1, 7));
  EXPECT_FALSE(window.contains(2, 7));
  EXPECT_FALSE(window.contains(1, 8));
  EXPECT_EQ(window.right(), 2);
  EXPECT_EQ(window.bottom(), 8);
  EXPECT_EQ(window.area(), 20);
}

TEST(Window, WindowsThatTouchHaveNothingInCommon) {
  EXPECT_TRUE((W{0, 0, 4, 4}.intersect({4, 0, 4, 4})).empty());
  EXPECT_EQ((W{0, 0, 4, 4}.intersect({4, 0, 4, 4})).area(), 0);
  EXPECT_EQ((W{0, 0, 4, 4}.intersect({3, -2, 4, 4})), (W{3, 0, 1, 2}));
  EXPECT_TRUE((W{0, 0, 4, 4}.intersect({100, 100, 4, 4})).empty());
}

TEST(Window, ContainsEveryEmptyWindow) {
  EXPECT_TRUE((W{0, 0, 1, 1}.contains(W{50, 50, 0, 3})));
  EXPECT_FALSE((W{0, 0, 1, 1}.contains(W{0, 0, 2, 1})));
}

TEST(Window, DivisionRoundsTowardsMinusInfinity) {
  for (std::int64_t value = -70; value <= 70; ++value) {
    const std::int64_t floor = floor_div(value, 32), ceil = ceil_div(value, 32);
    EXPECT_LE(floor * 32, value);
    EXPECT_GT((floor + 1) * 32, value);
    EXPECT_GE(ceil * 32, value);
    EXPECT_LT((ceil - 1) * 32, value);
  }
}

TEST(BlockMask, CoversTheAnchoredBlocksOfAWindow) {
  const BlockMask mask({-1, 31, 2, 2}, true);
  EXPECT_EQ(mask.left(), -1);
  EXPECT_EQ(mask.top(), 0);
  EXPECT_EQ(mask.columns(), 2);
  EXPECT_EQ(mask.rows(), 2);
  EXPECT_EQ(BlockMask::pixels(-1, 1), (W{-32, 32, 32, 32}));
}

TEST(BlockMask, RemembersEachBlock) {
  BlockMask mask({0, 0, 96, 64}, false);
  mask.set(2, 1, true);
  for (std::int64_t row = 0; row < 2; ++row)
    for (std::int64_t col = 0; col < 3; ++col)
      EXPECT_EQ(mask.wanted(col, row), col == 2 && row == 1);
}

TEST(Plane, IsRowMajorWithRowZeroFirst) {
  Plane<int> plane(3, 2, 7);
  plane.at(2, 1) = 9;
  EXPECT_EQ(plane.data()[5], 9);
  EXPECT_EQ(plane.row(1)[2], 9);
  EXPECT_EQ(plane.at(0, 0), 7);
  EXPECT_EQ(plane.size(), 6U);
  EXPECT_TRUE(Plane<int>().empty());
}

}  // namespace
}  // namespace topobathy
