#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "cache/cell_store.h"
#include "sample_cells.h"
#include "test_directory.h"

namespace topobathy {
namespace {

/// A stored cell, read and written an hour and a half ago unless said otherwise.
class CellUseTest : public ::testing::Test {
 protected:
  CellUseTest() {
    store_.write(key_, sample::terrain(key_));
    set_age(5400);
  }
  void set_age(std::int64_t seconds) {
    timespec then{};
    ::clock_gettime(CLOCK_REALTIME, &then);
    then.tv_sec -= seconds;
    const timespec times[2] = {then, then};
    ASSERT_EQ(::utimensat(AT_FDCWD, store_.path_of(key_).c_str(), times, 0), 0);
    before_ = status();
  }
  struct stat status() const {
    struct stat found {};
    ::stat(store_.path_of(key_).c_str(), &found);
    return found;
  }
  std::int64_t age_of_use() const { return ::time(nullptr) - status().st_atim.tv_sec; }

  TestDirectory directory_;
  CellStore store_{directory_.path()};
  CellKey key_ = sample::key(sample::degrees(80));
  struct stat before_ {};
};

TEST_F(CellUseTest, reading_a_cell_marks_it_as_used_now) {
  ASSERT_TRUE(store_.read(key_));
  EXPECT_LT(age_of_use(), 60);
  EXPECT_EQ(status().st_mtim.tv_sec, before_.st_mtim.tv_sec);
}

TEST_F(CellUseTest, a_mark_of_this_hour_is_left) {
  set_age(1800);
  ASSERT_TRUE(store_.read(key_));
  EXPECT_EQ(status().st_atim.tv_sec, before_.st_atim.tv_sec);
}

TEST_F(CellUseTest, describing_a_cell_is_no_use_of_it) {
  ASSERT_TRUE(store_.describe(key_));
  EXPECT_EQ(status().st_atim.tv_sec, before_.st_atim.tv_sec);
}

TEST_F(CellUseTest, a_cache_that_is_only_read_gets_no_marks) {
  ASSERT_TRUE(CellStore(directory_.path(), posix_file_system(), false).read(key_));
  EXPECT_EQ(status().st_atim.tv_sec, before_.st_atim.tv_sec);
}

TEST_F(CellUseTest, a_damaged_cell_that_cannot_be_marked_is_still_only_a_miss) {
  ASSERT_EQ(::truncate(store_.path_of(key_).c_str(), 100), 0);
  EXPECT_FALSE(store_.read(key_));
}

}  // namespace
}  // namespace topobathy
