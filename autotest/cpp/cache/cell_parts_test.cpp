// Parts of stored cells: what a window needs, checked like the whole.
#include <gtest/gtest.h>

#include <random>

#include "cache/cell_codec.h"
#include "cell_matchers.h"
#include "sample_cells.h"

namespace topobathy {
namespace {

template <class T>
Plane<T> cut(const Plane<T>& plane, const LatticeWindow& window, const LatticeWindow& part) {
  Plane<T> out(part.width, part.height);
  for (std::int64_t r = 0; r < part.height; ++r)
    std::copy_n(plane.row(part.row - window.row + r) + (part.col - window.col), part.width,
                out.row(r));
  return out;
}

class CellParts : public ::testing::Test {
 protected:
  CellParts() : file_(encode_cell(key_, cell_, "", "2024-01-01T00:00:00Z")) {}

  const CellKey key_ = sample::key(sample::degrees(11), {-3, 7});  // 506 pixels: 2 x 2 chunks
  const FusedCell cell_ = sample::terrain(key_);
  const LatticeWindow window_ = key_.lattice.cell_window(key_.cell);
  const Bytes file_;
};

TEST_F(CellParts, are_the_smallest_that_hold_the_window) {
  const std::int64_t half = window_.width / 2;
  const auto part = [&](std::int64_t col, std::int64_t row, std::int64_t width,
                        std::int64_t height) {
    return readable_part(window_, {window_.col + col, window_.row + row, width, height});
  };
  EXPECT_EQ(part(0, 0, 1, 1), (LatticeWindow{window_.col, window_.row, half, half}));
  EXPECT_EQ(part(half - 1, 0, 2, 1), (LatticeWindow{window_.col, window_.row, 2 * half, half}));
  EXPECT_EQ(part(-50, half, 100, 999),
            (LatticeWindow{window_.col, window_.row + half, half, half}));
  EXPECT_EQ(part(-9, -9, 9999, 9999), window_);
  EXPECT_EQ(part(5000, 0, 1, 1), window_) << "a window elsewhere";
}

TEST_F(CellParts, hold_the_pixels_of_the_whole) {
  std::mt19937 random(3);
  std::uniform_int_distribution<std::int64_t> at(-100, window_.width), size(1, 300);
  for (int i = 0; i < 50; ++i) {
    const LatticeWindow wanted{window_.col + at(random), window_.row + at(random), size(random),
                               size(random)};
    const LatticeWindow part = readable_part(window_, wanted);
    ASSERT_TRUE(part.contains(wanted.intersect(window_)));
    const auto read = decode_cell(file_, key_, {}, part);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->window, part);
    EXPECT_EQ(read->fused, window_) << "its sources were asked for all of the cell";
    EXPECT_TRUE(same_bits(read->elevation, cut(cell_.elevation, window_, part)));
    EXPECT_TRUE(same_bits(read->uncertainty, cut(cell_.uncertainty, window_, part)));
    EXPECT_TRUE(same_bits(read->source, cut(cell_.source, window_, part)));
    EXPECT_EQ(read->sources.size(), cell_.sources.size());
  }
}

TEST_F(CellParts, only_what_is_read_must_be_sound) {
  const std::string text(file_.begin(), file_.end());
  Bytes damaged = file_;
  damaged[text.find("elevation/1.1") + 200] ^= 1;
  const LatticeWindow upper = readable_part(window_, {window_.col, window_.row, 1, 1});
  const LatticeWindow lower =
      readable_part(window_, {window_.right() - 1, window_.bottom() - 1, 1, 1});
  EXPECT_TRUE(decode_cell(damaged, key_, {}, upper));
  EXPECT_FALSE(decode_cell(damaged, key_, {}, lower));
  EXPECT_FALSE(decode_cell(damaged, key_));
  EXPECT_TRUE(decode_cell(damaged, key_, {false, false, true}, lower)) << "another plane";
}

}  // namespace
}  // namespace topobathy
