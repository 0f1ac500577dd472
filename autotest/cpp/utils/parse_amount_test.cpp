#include "utils/cache/parse_amount.h"

#include <gtest/gtest.h>

#include "refusal.h"

namespace topobathy {
namespace {

using testing_support::refusal;

TEST(ParseAmount, sizes_in_every_unit) {
  EXPECT_EQ(parse_size("--limit", "500"), 500U);
  EXPECT_EQ(parse_size("--limit", "0"), 0U);
  EXPECT_EQ(parse_size("--limit", "20GB"), 20000000000U);
  EXPECT_EQ(parse_size("--limit", "20G"), 20000000000U);
  EXPECT_EQ(parse_size("--limit", "1.5 KiB"), 1536U);
  EXPECT_EQ(parse_size("--limit", "2mib"), 2097152U);
  EXPECT_EQ(parse_size("--limit", "1TB"), 1000000000000U);
}

TEST(ParseAmount, ages_in_every_unit) {
  EXPECT_EQ(parse_age("--older-than", "45s"), 45);
  EXPECT_EQ(parse_age("--older-than", "90m"), 5400);
  EXPECT_EQ(parse_age("--older-than", "12h"), 43200);
  EXPECT_EQ(parse_age("--older-than", "30d"), 2592000);
  EXPECT_EQ(parse_age("--older-than", "2W"), 1209600);
}

TEST(ParseAmount, what_is_none_is_refused_with_what_is) {
  for (const char* text : {"", "GB", "-1GB", "20XB", "1e3", "nan", "inf", "20GBs", "99999999TB"})
    EXPECT_EQ(refusal(ErrorCode::kUsage, [&] { parse_size("--limit", text); }),
              std::string("--limit ") + text +
                  ": is no size; write a number and KB, MB, GB or TB (powers of 1000), or KiB, "
                  "MiB, GiB or TiB (of 1024)");
  for (const char* text : {"", "30", "d", "-1d", "30y", "1e9w"})
    EXPECT_EQ(refusal(ErrorCode::kUsage, [&] { parse_age("--older-than", text); }),
              std::string("--older-than ") + text +
                  ": is no age; write a number and s, m, h, d or w, as in 30d");
}

}  // namespace
}  // namespace topobathy
