#include "fusion/parallel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

namespace topobathy {
namespace {

TEST(Parallel, RunsEveryTaskOnce) {
  for (const std::size_t threads : {0U, 1U, 2U, 7U}) {
    std::vector<std::atomic<int>> runs(100);
    parallel_for(runs.size(), threads, [&](std::size_t i) { ++runs[i]; });
    for (const auto& count : runs)
      EXPECT_EQ(count, 1);
  }
}

TEST(Parallel, NothingToDoStartsNothing) {
  parallel_for(0, 8, [](std::size_t) { FAIL(); });
}

TEST(Parallel, UsesNoMoreThreadsThanAskedFor) {
  std::mutex mutex;
  std::set<std::thread::id> seen;
  parallel_for(200, 3, [&](std::size_t) {
    const std::lock_guard<std::mutex> lock(mutex);
    seen.insert(std::this_thread::get_id());
  });
  EXPECT_LE(seen.size(), 3U);
}

TEST(Parallel, OneThreadIsTheCallersAndKeepsTheOrder) {
  std::vector<std::size_t> order;
  parallel_for(5, 1, [&](std::size_t i) { order.push_back(i); });
  EXPECT_EQ(order, (std::vector<std::size_t>{0, 1, 2, 3, 4}));
}

TEST(Parallel, AnExceptionTravelsAndStopsTheRest) {
  std::atomic<int> started{0};
  EXPECT_THROW(parallel_for(1000, 1,
                            [&](std::size_t i) {
                              ++started;
                              if (i == 3) throw std::runtime_error("three");
                            }),
               std::runtime_error);
  EXPECT_EQ(started, 4);
}

TEST(Parallel, TheExceptionOfTheLowestTaskIsTheOneTold) {
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> waiting{0};
    try {
      parallel_for(2, 2, [&](std::size_t i) {
        ++waiting;
        while (waiting < 2)
          std::this_thread::yield();  // both run, so both throw
        throw std::runtime_error(std::to_string(i));
      });
      FAIL() << "no exception";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "0");
    }
  }
}

TEST(Parallel, ThereIsAtLeastOneProcessor) {
  EXPECT_GE(processor_count(), 1U);
}

}  // namespace
}  // namespace topobathy
