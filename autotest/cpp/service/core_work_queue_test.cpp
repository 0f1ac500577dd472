#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "utils/serve/server/work_queue.h"

namespace topobathy {
namespace {

/// Work that begins, says so, and waits until it may end.
struct HeldWork {
  std::promise<void> begun, may_end;
  WorkQueue::Work work() {
    return [this] {
      begun.set_value();
      may_end.get_future().wait();
    };
  }
};

TEST(WorkQueue, MoreThanMayWaitIsRefused) {
  HeldWork held;
  std::atomic<int> done{0};
  {
    WorkQueue queue(1, 2);
    ASSERT_TRUE(queue.offer(held.work()));
    held.begun.get_future().wait();
    EXPECT_TRUE(queue.offer([&] { ++done; }));
    EXPECT_TRUE(queue.offer([&] { ++done; }));
    EXPECT_FALSE(queue.offer([&] { ++done; }));
    EXPECT_EQ(queue.load().running, 1U);
    EXPECT_EQ(queue.load().waiting, 2U);
    held.may_end.set_value();
    while (done < 2)
      std::this_thread::yield();
    EXPECT_TRUE(queue.offer([&] { ++done; }));
    while (done < 3)
      std::this_thread::yield();
  }
  EXPECT_EQ(done, 3);
}

TEST(WorkQueue, WithNothingWaitingAnIdleThreadTakesWork) {
  HeldWork held;
  WorkQueue queue(1, 0);
  ASSERT_TRUE(queue.offer(held.work()));
  held.begun.get_future().wait();
  EXPECT_FALSE(queue.offer([] {}));
  held.may_end.set_value();
}

TEST(WorkQueue, WhatWaitsCanBeTakenBack) {
  HeldWork held;
  std::atomic<bool> ran{false};
  std::shared_ptr<const WorkQueue::Work> first;
  {
    WorkQueue queue(1, 1);
    first = queue.offer(held.work());
    held.begun.get_future().wait();
    const auto second = queue.offer([&] { ran = true; });
    EXPECT_FALSE(queue.abandon(first));
    EXPECT_TRUE(queue.abandon(second));
    EXPECT_FALSE(queue.abandon(second));
    EXPECT_TRUE(queue.offer([] {})) << "its place is free again";
    held.may_end.set_value();
  }
  EXPECT_FALSE(ran);
}

TEST(WorkQueue, AtItsEndWhatWaitsIsDropped) {
  std::atomic<bool> ran{false};
  HeldWork held;
  auto queue = std::make_unique<WorkQueue>(1, 4);
  queue->offer(held.work());
  held.begun.get_future().wait();
  queue->offer([&] { ran = true; });
  std::thread end([&, running = queue.get()] {
    while (running->load().waiting > 0)
      std::this_thread::yield();
    held.may_end.set_value();
  });
  queue.reset();
  end.join();
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace topobathy
