#include <gtest/gtest.h>

#include "fusion/policy/name_pattern.h"

namespace topobathy {
namespace {

bool matches(const char* pattern, const char* name) {
  return NamePattern(pattern).matches(name);
}

TEST(NamePattern, is_a_glob_of_the_whole_name) {
  EXPECT_TRUE(matches("*.interpolated", "H12345.interpolated"));
  EXPECT_FALSE(matches("*.interpolated", "H12345.interpolated.tif"));
  EXPECT_TRUE(matches("H1234?", "H12345"));
  EXPECT_TRUE(matches("H1[0-3]*", "H12345"));
  EXPECT_TRUE(matches("dir*", "dir/name"));
  EXPECT_FALSE(matches("chart*", "Chart 1"));
  EXPECT_FALSE(matches("H1", "H12345"));
}

TEST(NamePattern, is_an_expression_from_the_first_character_on) {
  EXPECT_TRUE(matches("^H1[0-9]+", "H12345_extra"));
  EXPECT_FALSE(matches("^H1", "aH1"));
  EXPECT_TRUE(matches("(?i)chart", "CHART 1"));
  EXPECT_FALSE(matches("(?i)chart", "my chart"));
  EXPECT_TRUE(matches("(?i).*chart$", "my Chart"));
  EXPECT_FALSE(matches("(?i)^w$", "ww"));
}

TEST(NamePattern, any_of_a_list_is_enough) {
  std::vector<NamePattern> patterns;
  EXPECT_FALSE(matches_any(patterns, "a"));
  patterns.emplace_back("b*");
  patterns.emplace_back("^a");
  EXPECT_TRUE(matches_any(patterns, "abc"));
  EXPECT_TRUE(matches_any(patterns, "bcd"));
  EXPECT_FALSE(matches_any(patterns, "cde"));
}

TEST(NamePattern, refuses_what_does_not_compile) {
  EXPECT_THROW(NamePattern("^("), std::runtime_error);
  EXPECT_THROW(NamePattern("(?i)[z-a]"), std::runtime_error);
}

}  // namespace
}  // namespace topobathy
