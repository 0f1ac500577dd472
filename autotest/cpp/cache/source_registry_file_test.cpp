// The registry's file: empty, closed, damaged, foreign, locked. What it holds:
// source_registry_test.cpp.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "cache/sqlite.h"
#include "sample_cells.h"
#include "source_registry_fixture.h"

namespace topobathy {
namespace {

using sample::record;

class SourceRegistryFile : public SourceRegistryTest {};

TEST_F(SourceRegistryFile, an_empty_file_is_a_registry_to_be_made) {
  std::filesystem::create_directories(root_);
  std::ofstream(file_).close();
  EXPECT_TRUE(open(true)->all().empty());
  EXPECT_EQ(std::filesystem::file_size(file_), 0u);
  EXPECT_EQ(open()->assign(record("a")), preferred_source_id(record("a")));
  EXPECT_EQ(open(true)->all().size(), 1u);
}

TEST_F(SourceRegistryFile, a_root_that_may_not_be_written_is_served_from_what_is_there) {
  const SourceId known = open()->assign(record("a"));
  ASSERT_EQ(::chmod(directory_.path().c_str(), 0755), 0);
  ASSERT_EQ(::chmod(root_.c_str(), 0555), 0);
  ASSERT_EQ(::chmod(file_.c_str(), 0444), 0);
  const int status = wait_for(start_child([&] {
    if (::geteuid() == 0 && ::setuid(65534) != 0) return 3;  // root may write everywhere
    const auto ids = open();
    if (ids->assign(record("a")) != known) return 4;
    if (ids->assign(record("b")) != preferred_source_id(record("b"))) return 5;
    return ids->all().size() == 2 ? 0 : 6;
  }));
  EXPECT_EQ(status, 0);
  ::chmod(root_.c_str(), 0755);
}

TEST_F(SourceRegistryFile, a_writable_file_in_a_closed_directory_is_served_too) {
  const SourceId known = open()->assign(record("a"));
  ASSERT_EQ(::chmod(directory_.path().c_str(), 0755), 0);
  ASSERT_EQ(::chmod(root_.c_str(), 0555), 0);
  ASSERT_EQ(::chmod(file_.c_str(), 0666), 0);
  const int status = wait_for(start_child([&] {
    if (::geteuid() == 0 && ::setuid(65534) != 0) return 3;
    const auto ids = open();
    if (ids->assign(record("b")) != preferred_source_id(record("b"))) return 5;
    return ids->assign(record("a")) == known ? 0 : 4;
  }));
  EXPECT_EQ(status, 0);
  ::chmod(root_.c_str(), 0755);
}

TEST_F(SourceRegistryFile, a_damaged_file_is_an_error_that_says_what_to_do) {
  std::filesystem::create_directories(root_);
  std::ofstream(file_) << std::string(5000, 'x');
  for (const bool read_only : {false, true}) {
    const std::string message = open_message(read_only);
    EXPECT_NE(message.find(file_), std::string::npos) << message;
    EXPECT_NE(message.find("damaged"), std::string::npos) << message;
    EXPECT_NE(message.find("delete the file"), std::string::npos) << message;
  }
}

TEST_F(SourceRegistryFile, damage_behind_the_header_is_an_error_when_it_is_met) {
  open()->assign(record("a"));
  std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4096);  // the first page, which opening reads, stays whole
  file << std::string(static_cast<std::size_t>(std::filesystem::file_size(file_)) - 4096, '\xff');
  file.close();
  const auto ids = open();
  EXPECT_THROW(ids->assign(record("b")), Error);
  EXPECT_THROW(ids->all(), Error);
}

TEST_F(SourceRegistryFile, another_version_or_another_database_is_refused) {
  open();
  SqliteDatabase(file_, SQLITE_OPEN_READWRITE).run("PRAGMA user_version = 7");
  EXPECT_NE(open_message().find("version 7"), std::string::npos) << open_message();
  std::filesystem::remove(file_);
  SqliteDatabase(file_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE).run("CREATE TABLE other(a)");
  EXPECT_NE(open_message().find("TOPOBATHY_CACHE_DIR"), std::string::npos) << open_message();
}

TEST_F(SourceRegistryFile, a_lock_left_by_a_killed_process_does_not_block) {
  open();
  const pid_t child = start_child([&]() -> int {
    SqliteDatabase database(file_, SQLITE_OPEN_READWRITE);
    database.run("BEGIN EXCLUSIVE");
    std::ofstream(directory_.path() + "/locked").close();
    for (;;)
      ::pause();
  });
  while (!std::filesystem::exists(directory_.path() + "/locked"))
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  ::kill(child, SIGKILL);
  EXPECT_EQ(wait_for(child), -1);
  EXPECT_EQ(open()->assign(record("a")), preferred_source_id(record("a")));
}

}  // namespace
}  // namespace topobathy
