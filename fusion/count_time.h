#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace topobathy {

/// Adds the time it lives to a total of nanoseconds, exceptions or not: two looks at the clock.
/// Totals of several threads are sums, longer than what a watch on the wall shows.
class CountTime {
 public:
  /// \param total may be null: nothing is counted
  explicit CountTime(std::atomic<std::int64_t>* total) noexcept
      : total_(total), start_(std::chrono::steady_clock::now()) {}
  ~CountTime() {
    if (total_ != nullptr) *total_ += elapsed();
  }
  CountTime(const CountTime&) = delete;
  CountTime& operator=(const CountTime&) = delete;

  /// Nanoseconds so far.
  std::int64_t elapsed() const noexcept {
    return std::chrono::nanoseconds(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::atomic<std::int64_t>* const total_;
  const std::chrono::steady_clock::time_point start_;
};

}  // namespace topobathy
