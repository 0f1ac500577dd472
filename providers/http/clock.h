#pragma once

#include <cstdint>

namespace topobathy {

/// Time as caches and retries see it, so that tests own it. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::int64_t now() const = 0;  ///< seconds since 1970, UTC
  virtual void sleep(double seconds) = 0;
};

/// The machine's; lives as long as the process.
Clock& system_clock();

}  // namespace topobathy
