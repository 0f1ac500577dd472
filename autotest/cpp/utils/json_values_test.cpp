#include "utils/json_values.h"

#include <gtest/gtest.h>

#include <cmath>

namespace topobathy {
namespace {

TEST(JsonValues, a_float_takes_the_fewest_digits_that_read_back_as_the_same_float) {
  EXPECT_EQ(float_json(static_cast<double>(0.1F)).dump(), "0.1");
  EXPECT_EQ(float_json(static_cast<double>(-14.497123F)).get<float>(), -14.497123F);
  EXPECT_EQ(float_json(0.0).dump(), "0.0");
}

TEST(JsonValues, what_is_no_number_is_null) {
  EXPECT_TRUE(float_json(std::nan("")).is_null());
  EXPECT_TRUE(float_json(HUGE_VAL).is_null());
}

TEST(JsonValues, empty_text_is_null_and_foreign_bytes_do_no_harm) {
  EXPECT_TRUE(text_json("").is_null());
  nlohmann::ordered_json json;
  json["survey"] = "H\xFF";
  EXPECT_EQ(json_text(json), "{\n  \"survey\": \"H\xEF\xBF\xBD\"\n}");
}

}  // namespace
}  // namespace topobathy
