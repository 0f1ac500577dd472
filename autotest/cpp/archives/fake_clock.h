#pragma once

#include <atomic>

#include "providers/http/clock.h"

namespace topobathy {

/// A clock that only a test moves; who sleeps moves it too.
class FakeClock final : public Clock {
 public:
  std::int64_t now() const override { return static_cast<std::int64_t>(now_.load()); }
  void sleep(double seconds) override { advance(seconds); }
  void advance(double seconds) { now_ = now_.load() + seconds; }

 private:
  std::atomic<double> now_{1.6e9};
};

}  // namespace topobathy
