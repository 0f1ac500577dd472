#include "providers/raster/remote_stamps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "fusion/error.h"

namespace topobathy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

FileStamp edition(const std::string& etag) {
  FileStamp stamp;
  stamp.etag = etag;
  return stamp;
}

class RemoteStampsTest : public ::testing::Test {
 protected:
  std::string look(const std::string& path, const std::string& etag) {
    const auto stamp = stamps_.find(path, [&] {
      ++asked_;
      return etag.empty() ? std::nullopt : std::optional<FileStamp>(edition(etag));
    });
    return stamp ? stamp->etag : "none";
  }

  double now_ = 100.0;
  int asked_ = 0;
  std::vector<std::string> forgotten_;
  RemoteStamps stamps_{[this] { return now_; },
                       [this](const std::string& path) { forgotten_.push_back(path); }};
};

TEST_F(RemoteStampsTest, AsksOnceInAWhile) {
  EXPECT_EQ(look("/vsicurl/a", "1"), "1");
  now_ += RemoteStamps::kSeconds - 0.1;
  EXPECT_EQ(look("/vsicurl/a", "2"), "1");
  EXPECT_EQ(asked_, 1);
  now_ += 0.2;
  EXPECT_EQ(look("/vsicurl/a", "1"), "1");
  EXPECT_EQ(asked_, 2);
  EXPECT_THAT(forgotten_, IsEmpty());
}

TEST_F(RemoteStampsTest, WhatGdalHasOfAnotherEditionIsDropped) {
  look("/vsicurl/a", "1");
  look("/vsicurl/b", "1");
  stamps_.expire("/vsicurl/a");
  EXPECT_EQ(look("/vsicurl/a", "2"), "2");
  EXPECT_THAT(forgotten_, ElementsAre("/vsicurl/a"));
  EXPECT_EQ(look("/vsicurl/b", "2"), "1");
  EXPECT_THAT(forgotten_, ElementsAre("/vsicurl/a"));
}

TEST_F(RemoteStampsTest, AbsenceAndFailureAreNotRemembered) {
  EXPECT_EQ(look("/vsicurl/a", ""), "none");
  EXPECT_THROW(stamps_.find("/vsicurl/a",
                            []() -> std::optional<FileStamp> {
                              throw Error(ErrorCode::kUnreadable, "an outage");
                            }),
               Error);
  EXPECT_EQ(look("/vsicurl/a", "1"), "1");
  EXPECT_THAT(forgotten_, IsEmpty());
}

TEST_F(RemoteStampsTest, ThreadsAskOnce) {
  std::atomic<int> asked{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      const auto stamp = stamps_.find("/vsicurl/a", [&]() -> std::optional<FileStamp> {
        ++asked;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        return edition("1");
      });
      EXPECT_EQ(stamp->etag, "1");
    });
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(asked, 1);
}

}  // namespace
}  // namespace topobathy
