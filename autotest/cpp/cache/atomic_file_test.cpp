#include "cache/atomic_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <random>
#include <thread>

#include "cache/cell_store.h"
#include "cell_matchers.h"
#include "failing_file_system.h"
#include "fusion/error.h"
#include "sample_cells.h"
#include "test_directory.h"

namespace topobathy {
namespace {

constexpr std::size_t kShortWrite = 1500;

Bytes content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

const Bytes kOld(5000, 'o');
const Bytes kNew(9000, 'n');

/// Writes kNew with the n-th call failing, n = 1, 2, ... until nothing fails; returns how many
/// calls can fail.
int fail_every_call(const TestDirectory& directory, bool with_old) {
  const std::string path = directory.path() + "/policy/cell.zarr.zip";
  for (int n = 1;; ++n) {
    std::filesystem::remove_all(directory.path() + "/policy");
    if (with_old) write_file_atomically(posix_file_system(), path, kOld);
    FailingFileSystem files(n, kShortWrite);
    bool thrown = false;
    try {
      write_file_atomically(files, path, kNew);
    } catch (const Error& error) {
      thrown = true;
      EXPECT_EQ(error.code(), ErrorCode::kCache);
      EXPECT_NE(std::string(error.what()).find(path), std::string::npos) << error.what();
    }
    EXPECT_EQ(thrown, files.failed()) << n;
    const auto found = directory.files();
    if (found.empty()) {
      EXPECT_TRUE(thrown && !with_old) << n;
    } else {
      EXPECT_EQ(found, std::vector<std::string>{path}) << n;
      const Bytes content = content_of(path);
      EXPECT_TRUE(content == kNew || (thrown && with_old && content == kOld)) << n;
    }
    if (!thrown) return n - 1;
  }
}

TEST(AtomicFile, any_failing_call_leaves_no_file_or_the_new_one) {
  TestDirectory directory;
  // make_directories, create, 6 writes, sync, close, rename, sync_directory
  EXPECT_EQ(fail_every_call(directory, false), 12);
}

TEST(AtomicFile, any_failing_call_leaves_the_old_file_or_the_new_one) {
  TestDirectory directory;
  EXPECT_EQ(fail_every_call(directory, true), 12);
}

/// Whose folder somebody deletes just before a file comes into it, the first `times` times.
class VanishingFolder final : public FailingFileSystem {
 public:
  explicit VanishingFolder(int times) : FailingFileSystem(1000), times_(times) {}
  int create(const std::string& path) override {
    if (times_-- > 0) std::filesystem::remove(std::filesystem::path(path).parent_path());
    return FailingFileSystem::create(path);
  }

 private:
  int times_;
};

TEST(AtomicFile, a_folder_that_is_cleared_meanwhile_is_made_again) {
  TestDirectory directory;
  const std::string path = directory.path() + "/a/cell";
  VanishingFolder few(3);
  write_file_atomically(few, path, kNew);
  EXPECT_EQ(content_of(path), kNew);
  std::filesystem::remove(path);
  VanishingFolder many(1000);
  EXPECT_THROW(write_file_atomically(many, path, kNew), Error);
}

TEST(AtomicFile, a_directory_that_cannot_be_made_is_an_error_that_says_what_to_do) {
  TestDirectory directory;
  std::ofstream(directory.path() + "/file") << "in the way";
  try {
    write_file_atomically(posix_file_system(), directory.path() + "/file/cell", kNew);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("TOPOBATHY_CACHE_DIR"), std::string::npos);
  }
}

TEST(AtomicFile, a_full_disk_keeps_the_old_cell) {
  // RLIMIT_FSIZE is the disk that fills in the middle of a file, for real.
  TestDirectory directory;
  const CellStore store(directory.path());
  const CellKey key = sample::key(sample::degrees(40));
  store.write(key, sample::terrain(key));
  const int status = wait_for(start_child([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{20000, 20000};
    ::setrlimit(RLIMIT_FSIZE, &small);
    try {
      store.write(key, sample::terrain(key, 1.0));
    } catch (const Error& error) {
      return error.code() == ErrorCode::kCache ? 7 : 1;
    }
    return 0;
  }));
  EXPECT_EQ(status, 7);
  EXPECT_EQ(directory.files(), std::vector<std::string>{store.path_of(key)});
  const auto read = store.read(key);
  ASSERT_TRUE(read);
  EXPECT_TRUE(same_cell(*read, sample::terrain(key)));
}

class KilledWriter : public ::testing::Test {
 protected:
  static constexpr int kShifts = 4;

  KilledWriter() {
    for (int i = 0; i < 3; ++i)
      keys_.push_back(sample::key(sample::degrees(80), {i, 0}));
    for (const CellKey& key : keys_)
      store_.write(key, sample::terrain(key));
  }

  /// Kills a process that writes cells without end, `delay` after its first write began.
  void write_and_kill(int first_shift, std::chrono::microseconds delay) const {
    int started[2];
    ASSERT_EQ(::pipe(started), 0);
    const pid_t child = start_child([&]() -> int {
      if (::write(started[1], "x", 1) != 1) return 1;
      for (int shift = first_shift;; ++shift)
        for (const CellKey& key : keys_)
          store_.write(key, sample::terrain(key, shift % kShifts));
    });
    char byte;
    ASSERT_EQ(::read(started[0], &byte, 1), 1);
    ::close(started[0]);
    ::close(started[1]);
    std::this_thread::sleep_for(delay);
    ::kill(child, SIGKILL);
    ASSERT_EQ(wait_for(child), -1);
  }

  bool reads_back(const CellKey& key) const {
    const auto cell = store_.read(key);
    bool same = false;
    for (int shift = 0; cell && shift < kShifts; ++shift)
      same = same || same_cell(*cell, sample::terrain(key, shift));
    return same;
  }

  TestDirectory directory_;
  const CellStore store_{directory_.path()};
  std::vector<CellKey> keys_;
};

TEST_F(KilledWriter, leaves_whole_cells_and_temporaries_known_by_name) {
  constexpr int kKills = 60;
  std::mt19937 random(42);
  std::uniform_int_distribution<int> microseconds(0, 8000);
  for (int kill = 0; kill < kKills; ++kill) {
    write_and_kill(kill, std::chrono::microseconds(microseconds(random)));
    for (const CellKey& key : keys_)
      ASSERT_TRUE(reads_back(key)) << "after kill " << kill;
  }
  int cells = 0, temporaries = 0;
  for (const std::string& path : directory_.files()) {
    const std::string name = std::filesystem::path(path).filename().string();
    ++(is_temporary_name(name) ? temporaries : cells);
  }
  EXPECT_EQ(cells, 3);
  EXPECT_LE(temporaries, kKills);
}

TEST(AtomicFile, readers_beside_a_writer_see_whole_cells_only) {
  TestDirectory directory;
  const CellStore store(directory.path());
  const CellKey key = sample::key(sample::degrees(80));
  const FusedCell cells[] = {sample::terrain(key, 0), sample::terrain(key, 1)};
  store.write(key, cells[0]);
  const pid_t writer = start_child([&] {
    for (int round = 0; round < 100; ++round)
      store.write(key, cells[round % 2]);
    return 0;
  });
  for (int i = 0; i < 200; ++i) {
    const auto read = store.read(key);
    EXPECT_TRUE(read && (same_cell(*read, cells[0]) || same_cell(*read, cells[1]))) << i;
  }
  EXPECT_EQ(wait_for(writer), 0);
}

}  // namespace
}  // namespace topobathy
