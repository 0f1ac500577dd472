#include "cache/single_flight.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <mutex>
#include <thread>
#include <vector>

#include "cache/key_lock.h"
#include "fusion/error.h"
#include "test_directory.h"

namespace topobathy {
namespace {

using std::chrono::milliseconds;

CellPointer some_cell() {
  return std::make_shared<FusedCell>();
}
CellPointer nothing() {
  return nullptr;
}

/// Runs `work` in 8 threads that start together.
void in_eight_threads(const std::function<void()>& work) {
  std::atomic<int> ready{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      ++ready;
      while (ready < 8)
        std::this_thread::yield();
      work();
    });
  for (auto& thread : threads)
    thread.join();
}

TEST(SingleFlight, eight_threads_make_a_cell_once) {
  TestDirectory directory;
  SingleFlight flight(directory.path() + "/locks");
  std::atomic<int> made{0};
  std::mutex mutex;
  CellPointer stored;
  std::vector<CellPointer> got;
  in_eight_threads([&] {
    const CellPointer cell = flight.run(
        "key",
        [&] {
          const std::lock_guard<std::mutex> lock(mutex);
          return stored;
        },
        [&] {
          ++made;
          std::this_thread::sleep_for(milliseconds(30));
          const std::lock_guard<std::mutex> lock(mutex);
          return stored = some_cell();
        });
    const std::lock_guard<std::mutex> lock(mutex);
    got.push_back(cell);
  });
  EXPECT_EQ(made, 1);
  EXPECT_EQ(got, std::vector<CellPointer>(8, stored));
}

TEST(SingleFlight, different_keys_are_made_side_by_side) {
  TestDirectory directory;
  SingleFlight flight(directory.path());
  std::atomic<int> inside{0};
  const auto make = [&] {  // returns only when both are inside
    ++inside;
    while (inside < 2)
      std::this_thread::yield();
    return some_cell();
  };
  std::thread other([&] { flight.run("a", nothing, make); });
  flight.run("b", nothing, make);
  other.join();
  EXPECT_EQ(inside, 2);
}

TEST(SingleFlight, a_cell_may_need_another_while_it_is_made) {
  TestDirectory directory;
  SingleFlight flight(directory.path());
  const auto outer =
      flight.run("outer", nothing, [&] { return flight.run("inner", nothing, some_cell); });
  EXPECT_TRUE(outer);
}

TEST(SingleFlight, what_look_finds_is_not_made) {
  SingleFlight flight("");
  const CellPointer stored = some_cell();
  const auto never = []() -> CellPointer { throw Error(ErrorCode::kInternal, "made"); };
  EXPECT_EQ(flight.run(
                "key", [&] { return stored; }, never),
            stored);
}

TEST(SingleFlight, an_exception_reaches_every_waiter_and_the_next_call_tries_again) {
  SingleFlight flight("");
  std::atomic<int> made{0}, failed{0}, arrived{0};
  in_eight_threads([&] {
    try {
      ++arrived;
      flight.run("key", nothing, [&]() -> CellPointer {
        ++made;
        while (arrived < 8)
          std::this_thread::yield();
        std::this_thread::sleep_for(milliseconds(50));  // most of the others wait by now
        throw Error(ErrorCode::kUnreadable, "source is gone");
      });
    } catch (const Error& error) {
      if (std::string(error.what()) == "source is gone") ++failed;
    }
  });
  EXPECT_EQ(failed, 8);
  EXPECT_LT(made, 8);  // who comes after the failure tries for himself
  EXPECT_TRUE(flight.run("key", nothing, some_cell));
}

TEST(SingleFlight, an_exception_of_look_does_not_block_the_key) {
  SingleFlight flight("");
  const auto broken = []() -> CellPointer { throw Error(ErrorCode::kInternal, "look"); };
  EXPECT_THROW(flight.run("key", broken, some_cell), Error);
  EXPECT_TRUE(flight.run("key", nothing, some_cell));
}

/// "Making" in processes: append a byte to a log; the stored cell is a file.
class ProcessFlight : public ::testing::Test {
 protected:
  CellPointer look() const { return std::filesystem::exists(cell_) ? some_cell() : nullptr; }
  CellPointer make(int delay) const {
    std::ofstream(log_, std::ios::app) << 'x' << std::flush;
    std::this_thread::sleep_for(milliseconds(delay));
    std::ofstream(cell_) << "cell";
    return some_cell();
  }
  std::uintmax_t times_made() const { return std::filesystem::file_size(log_); }
  pid_t start(int delay) const {
    return start_child([this, delay] {
      SingleFlight flight(locks_);
      flight.run(
          "key", [this] { return look(); }, [this, delay] { return make(delay); });
      return 0;
    });
  }
  void wait_until_making() const {
    while (!std::filesystem::exists(log_) || times_made() == 0)
      std::this_thread::sleep_for(milliseconds(1));
  }

  TestDirectory directory_;
  const std::string locks_ = directory_.path() + "/cache/locks";
  const std::string cell_ = directory_.path() + "/cell";
  const std::string log_ = directory_.path() + "/log";
};

TEST_F(ProcessFlight, several_processes_make_a_cell_once_and_leave_no_lock_file) {
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i)
    children.push_back(start(40));
  for (const pid_t child : children)
    EXPECT_EQ(wait_for(child), 0);
  EXPECT_EQ(times_made(), 1u);
  EXPECT_TRUE(std::filesystem::is_empty(locks_));
}

TEST_F(ProcessFlight, a_killed_holder_lets_the_next_one_make_it) {
  const pid_t holder = start(60000);
  wait_until_making();
  const pid_t waiter = start(1);
  std::this_thread::sleep_for(milliseconds(20));
  EXPECT_EQ(times_made(), 1u);
  ::kill(holder, SIGKILL);
  EXPECT_EQ(wait_for(holder), -1);
  EXPECT_EQ(wait_for(waiter), 0);
  EXPECT_EQ(times_made(), 2u);
}

TEST_F(ProcessFlight, lock_files_removed_by_hand_do_no_harm) {
  const pid_t holder = start(50);
  wait_until_making();
  std::filesystem::remove_all(locks_);
  EXPECT_EQ(wait_for(holder), 0);
  EXPECT_EQ(wait_for(start(1)), 0);
  EXPECT_EQ(times_made(), 1u);
}

TEST_F(ProcessFlight, without_a_lock_directory_it_still_makes_the_cell) {
  std::ofstream(directory_.path() + "/file") << "in the way";
  EXPECT_FALSE(KeyLock(directory_.path() + "/file/locks", "key").held());
  SingleFlight flight(directory_.path() + "/file/locks");
  EXPECT_TRUE(flight.run("key", nothing, some_cell));
}

TEST_F(ProcessFlight, the_lock_excludes_under_contention) {
  // Each process adds one to a number in a file, without any other protection, 200 times.
  const std::string number = directory_.path() + "/number";
  std::ofstream(number) << 0;
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i)
    children.push_back(start_child([&] {
      for (int round = 0; round < 200; ++round) {
        const KeyLock lock(locks_, "number");
        if (!lock.held()) return 1;
        int value = -1;
        std::ifstream(number) >> value;
        std::ofstream(number) << value + 1;
      }
      return 0;
    }));
  for (const pid_t child : children)
    EXPECT_EQ(wait_for(child), 0);
  int value = -1;
  std::ifstream(number) >> value;
  EXPECT_EQ(value, 800);
}

}  // namespace
}  // namespace topobathy
