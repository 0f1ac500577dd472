#include "fusion/error.h"

#include <gtest/gtest.h>

namespace topobathy {
namespace {

TEST(Error, quotes_what_is_utf8_as_it_is) {
  EXPECT_EQ(printable("caf\xC3\xA9:\tline\nline"), "caf\xC3\xA9:\tline\nline");
}

TEST(Error, quotes_no_bytes_that_a_terminal_obeys_or_python_refuses) {
  const Error error(ErrorCode::kUnreadable, "the answer has '\x1B[2J\xF5\xB1\r'", {"a\x07", 1, 2});
  EXPECT_EQ(error.message(), "the answer has '?[2J\xEF\xBF\xBD\xEF\xBF\xBD?'");
  EXPECT_EQ(std::string(error.what()), "a?:1:2: " + error.message());
}

}  // namespace
}  // namespace topobathy
