#include <gtest/gtest.h>

#include "cache/json_text.h"

namespace topobathy {
namespace {

TEST(ForeignJson, IsReadAsItIs) {
  EXPECT_EQ(2, parse_foreign_json(R"({"a":[1,2]})").at("a").at(1));
}

TEST(ForeignJson, IsDiscardedWhereItIsNone) {
  for (const char* text : {"", "<html>", "{\"a\":", "[1,]"})
    EXPECT_TRUE(parse_foreign_json(text).is_discarded()) << text;
}

TEST(ForeignJson, IsDiscardedWhereItIsNestedLikeNoAnswerInUse) {
  const auto nested = [](std::size_t levels) {
    return std::string(levels, '[') + std::string(levels, ']');
  };
  EXPECT_FALSE(parse_foreign_json(nested(60)).is_discarded());
  EXPECT_TRUE(parse_foreign_json(nested(100)).is_discarded());
  EXPECT_TRUE(parse_foreign_json(nested(1000000)).is_discarded());
}

}  // namespace
}  // namespace topobathy
