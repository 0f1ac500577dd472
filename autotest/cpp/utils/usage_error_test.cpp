#include "utils/usage_error.h"

#include <gtest/gtest.h>

namespace topobathy {
namespace {

TEST(ErrorLine, begins_with_the_place_or_with_the_program_and_is_one_line) {
  EXPECT_EQ(error_line(Error(ErrorCode::kPolicy, "wrong\nkey", {"p.yaml", 3, 9})),
            "p.yaml:3:9: wrong key");
  EXPECT_EQ(error_line(Error(ErrorCode::kNotFound, "no such file")), "topobathy: no such file");
}

}  // namespace
}  // namespace topobathy
