#include "utils/byte_text.h"

#include <gtest/gtest.h>

namespace topobathy {
namespace {

TEST(ByteText, takes_the_largest_unit_that_leaves_a_whole) {
  EXPECT_EQ(byte_text(0), "0 B");
  EXPECT_EQ(byte_text(1023), "1023 B");
  EXPECT_EQ(byte_text(1024), "1.0 KiB");
  EXPECT_EQ(byte_text(1536), "1.5 KiB");
  EXPECT_EQ(byte_text(12'900'000), "12.3 MiB");
  EXPECT_EQ(byte_text(std::int64_t{5} << 40), "5.0 TiB");
  EXPECT_EQ(byte_text(std::int64_t{5000} << 50), "5000.0 PiB");
}

TEST(ByteText, is_never_rounded_to_1024_of_a_unit) {
  EXPECT_EQ(byte_text(1024 * 1024 - 1), "1.0 MiB");
  EXPECT_EQ(byte_text(1024 * 1024 - 1024), "1023.0 KiB");
}

TEST(ByteText, what_is_not_known_is_a_question_mark) {
  EXPECT_EQ(byte_text(-1), "?");
}

}  // namespace
}  // namespace topobathy
