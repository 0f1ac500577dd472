#include "cache/fact_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "cache/sqlite.h"
#include "test_directory.h"

namespace topobathy {
namespace {

using Texts = std::vector<std::string>;

class FactFileTest : public ::testing::Test {
 protected:
  /// As another process would: nothing is kept between two of them.
  std::shared_ptr<FactStore> open(bool read_only = false) {
    return make_fact_file(file_, read_only,
                          [this](const std::string& text) { warnings_.push_back(text); });
  }
  Texts find(const Texts& names, const std::string& revision = "r1", bool read_only = false) {
    std::vector<FactKey> keys;
    for (const std::string& name : names)
      keys.push_back({name, revision});
    return open(read_only)->find(keys);
  }
  void keep(const std::string& name, const std::string& value, const std::string& revision = "r1") {
    open()->keep({{{name, revision}, value}});
  }
  void overwrite(std::streamoff at, const std::string& bytes) const {
    std::fstream stream(file_, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(at);
    stream << bytes;
    ASSERT_TRUE(stream.good());
  }

  TestDirectory directory_;
  const std::string root_ = directory_.path() + "/cache";
  const std::string file_ = raster_facts_path(root_);
  Texts warnings_;
};

TEST_F(FactFileTest, gives_back_what_was_kept_in_the_order_asked) {
  const std::string odd("\0'; \xe9", 5);
  open()->keep({{{"a", "r1"}, "one"}, {{odd, "r1"}, odd}, {{"c", "r1"}, "three"}});
  EXPECT_EQ(find({"c", "b", odd, "a", "a"}), (Texts{"three", "", odd, "one", "one"}));
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(FactFileTest, another_revision_is_not_known_and_replaces_the_old_one) {
  keep("a", "old", "r1");
  EXPECT_EQ(find({"a"}, "r2"), Texts{""});
  keep("a", "new", "r2");
  EXPECT_EQ(find({"a"}, "r2"), Texts{"new"});
  EXPECT_EQ(find({"a"}, "r1"), Texts{""});
}

TEST_F(FactFileTest, looking_makes_no_file) {
  EXPECT_EQ(find({"a"}), Texts{""});
  open(/*read_only=*/true)->keep({{{"a", "r1"}, "one"}});
  EXPECT_FALSE(std::filesystem::exists(root_));
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(FactFileTest, a_damaged_row_is_not_known_and_the_others_are) {
  open()->keep({{{"a", "r1"}, "the first value"}, {{"b", "r1"}, "the second value"}});
  std::ifstream stream(file_, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(stream)), {});
  const auto at = bytes.find("the first value");
  ASSERT_NE(at, std::string::npos);
  overwrite(static_cast<std::streamoff>(at), "t");  // the same: nothing is damaged yet
  EXPECT_EQ(find({"a", "b"}), (Texts{"the first value", "the second value"}));
  overwrite(static_cast<std::streamoff>(at) + 4, "F");
  EXPECT_EQ(find({"a", "b"}), (Texts{"", "the second value"}));
  keep("a", "the first value");
  EXPECT_EQ(find({"a"}), Texts{"the first value"});
}

TEST_F(FactFileTest, a_damaged_file_is_told_once_and_made_anew) {
  keep("a", "one");
  overwrite(0, std::string(4096, 'x'));
  const auto store = open();
  EXPECT_EQ(store->find({{"a", "r1"}}), Texts{""});
  EXPECT_EQ(store->find({{"a", "r1"}}), Texts{""});
  ASSERT_EQ(warnings_.size(), 1u);
  EXPECT_EQ(warnings_[0], file_ +
                              ": the remembered file headers are damaged and made anew: file is "
                              "not a database");
  store->keep({{{"a", "r1"}, "again"}});
  EXPECT_EQ(store->find({{"a", "r1"}}), Texts{"again"});
  EXPECT_EQ(find({"a"}), Texts{"again"});
  EXPECT_EQ(warnings_.size(), 1u);
}

TEST_F(FactFileTest, damage_in_the_middle_is_mended_by_the_next_write) {
  std::vector<Fact> facts;
  std::vector<FactKey> keys;
  for (int i = 0; i < 500; ++i) {
    keys.push_back({"name " + std::to_string(i), "r1"});
    facts.push_back({keys.back(), std::string(100, 'v')});
  }
  open()->keep(facts);
  ASSERT_GT(std::filesystem::file_size(file_), 40960u);
  overwrite(4096, std::string(32768, '\xff'));
  const auto store = open();
  const Texts found = store->find(keys);
  EXPECT_EQ(std::count(found.begin(), found.end(), std::string()), 500);
  store->keep(facts);
  EXPECT_EQ(open()->find(keys), Texts(500, std::string(100, 'v')));
  EXPECT_EQ(warnings_.size(), 1u);
}

TEST_F(FactFileTest, a_file_cut_short_is_mended) {
  keep("a", "one");
  std::filesystem::resize_file(file_, 5000);
  const auto store = open();
  store->find({{"a", "r1"}});
  store->keep({{{"a", "r1"}, "again"}});
  EXPECT_EQ(find({"a"}), Texts{"again"});
}

TEST_F(FactFileTest, a_foreign_database_is_told_and_made_anew) {
  std::filesystem::create_directories(root_ + "/raster");
  {
    SqliteDatabase foreign(file_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    foreign.run("CREATE TABLE facts(name TEXT)");
  }
  EXPECT_EQ(find({"a"}, "r1", /*read_only=*/true), Texts{""});
  ASSERT_EQ(warnings_.size(), 1u);
  EXPECT_EQ(warnings_[0],
            file_ +
                ": the remembered file headers are damaged and ignored: it is another "
                "program's database");
  keep("a", "one");
  EXPECT_EQ(find({"a"}), Texts{"one"});
}

TEST_F(FactFileTest, the_store_of_another_version_is_made_anew_without_a_word) {
  keep("a", "one");
  {
    SqliteDatabase other(file_, SQLITE_OPEN_READWRITE);
    other.run("ALTER TABLE facts ADD COLUMN later TEXT");
    other.run("PRAGMA user_version = 99");
  }
  EXPECT_EQ(find({"a"}), Texts{""});
  keep("a", "again");
  EXPECT_EQ(find({"a"}), Texts{"again"});
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(FactFileTest, a_read_only_directory_serves_what_is_there) {
  keep("a", "one");
  ::chmod(directory_.path().c_str(), 0755);
  ::chmod((root_ + "/raster").c_str(), 0555);
  ::chmod(file_.c_str(), 0444);
  const pid_t child = start_child([&] {
    if (::geteuid() == 0 && ::seteuid(65534) != 0) return 98;  // root may write everywhere
    keep("b", "two");
    return (find({"a", "b"}) == Texts{"one", ""} && warnings_.empty()) ? 0 : 1;
  });
  EXPECT_EQ(wait_for(child), 0);
  ::chmod((root_ + "/raster").c_str(), 0755);
}

TEST_F(FactFileTest, a_directory_that_cannot_be_made_is_no_fault) {
  std::ofstream(root_) << "a file where the directory should be";
  keep("a", "one");
  EXPECT_EQ(find({"a"}), Texts{""});
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(FactFileTest, processes_and_threads_write_at_once) {
  std::vector<pid_t> children;
  for (int p = 0; p < 3; ++p)
    children.push_back(start_child([&, p] {
      for (int i = 0; i < 5; ++i)
        keep(std::to_string(p) + "/" + std::to_string(i), "value");
      return 0;
    }));
  const auto store = open();
  std::vector<std::thread> threads;
  for (int t = 3; t < 6; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 5; ++i)
        store->keep({{{std::to_string(t) + "/" + std::to_string(i), "r1"}, "value"}});
    });
  for (std::thread& thread : threads)
    thread.join();
  for (const pid_t child : children)
    EXPECT_EQ(wait_for(child), 0);
  Texts names;
  for (int p = 0; p < 6; ++p)
    for (int i = 0; i < 5; ++i)
      names.push_back(std::to_string(p) + "/" + std::to_string(i));
  EXPECT_EQ(find(names), Texts(30, "value"));
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(FactFileTest, a_writer_killed_at_work_leaves_the_old_facts) {
  keep("a", "one");
  const pid_t child = start_child([&] {
    SqliteDatabase database(file_, SQLITE_OPEN_READWRITE);
    database.run("BEGIN IMMEDIATE");
    database.run("DELETE FROM facts");
    database.run("PRAGMA cache_size = 1");
    ::raise(SIGKILL);
    return 0;
  });
  EXPECT_EQ(wait_for(child), -1);
  EXPECT_EQ(find({"a"}), Texts{"one"});
}

}  // namespace
}  // namespace topobathy
