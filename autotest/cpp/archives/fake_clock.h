#pragma once

#include <mutex>
#include <vector>

#include "providers/http/clock.h"

namespace topobathy {

/// A clock that only a test moves; who sleeps moves it too. Thread-safe.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(std::int64_t now = 1700000000) : now_(static_cast<double>(now)) {}
  std::int64_t now() const override {
    const std::lock_guard<std::mutex> lock(mutex_);
    return static_cast<std::int64_t>(now_);
  }
  void sleep(double seconds) override {
    advance(seconds);
    const std::lock_guard<std::mutex> lock(mutex_);
    pauses_.push_back(seconds);
  }
  void advance(double seconds) {
    const std::lock_guard<std::mutex> lock(mutex_);
    now_ += seconds;
  }
  /// What was slept, in order.
  std::vector<double> pauses() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return pauses_;
  }

 private:
  mutable std::mutex mutex_;
  double now_;
  std::vector<double> pauses_;
};

}  // namespace topobathy
