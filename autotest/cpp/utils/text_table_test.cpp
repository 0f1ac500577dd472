#include "utils/text_table.h"

#include <gtest/gtest.h>

#include <sstream>

namespace topobathy {
namespace {

TEST(TextTable, columns_are_as_wide_as_their_widest_entry_and_lines_end_without_blanks) {
  TextTable table({"step", "files", "problems"});
  table.add({"a long name", "1", ""});
  table.add({"b", "10000", "none"});
  std::ostringstream out;
  table.print(out, "  ");
  EXPECT_EQ(out.str(),
            "  step         files  problems\n"
            "  a long name  1\n"
            "  b            10000  none\n");
}

TEST(TextTable, counts_characters_not_bytes) {
  TextTable table({"a", "b"});
  table.add({"Å", "x"});
  std::ostringstream out;
  table.print(out, "");
  EXPECT_EQ(out.str(), "a  b\nÅ  x\n");
}

}  // namespace
}  // namespace topobathy
