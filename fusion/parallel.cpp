#include "fusion/parallel.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace topobathy {
namespace {

/// What the threads of one parallel_for share.
class Work {
 public:
  Work(std::size_t count, const std::function<void(std::size_t)>& task)
      : count_(count), task_(task) {}

  void run() {
    for (std::size_t i = next_++; i < count_ && !failed_; i = next_++) {
      try {
        task_(i);
      } catch (...) {
        keep(i, std::current_exception());
      }
    }
  }
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  void keep(std::size_t i, std::exception_ptr error) {
    failed_ = true;
    const std::lock_guard<std::mutex> lock(mutex_);
    if (error_ && failed_at_ < i) return;
    error_ = std::move(error);
    failed_at_ = i;
  }

  const std::size_t count_;
  const std::function<void(std::size_t)>& task_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> failed_{false};
  std::mutex mutex_;
  std::exception_ptr error_;
  std::size_t failed_at_ = 0;
};

}  // namespace

std::size_t processor_count() noexcept {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) == 0)
    return static_cast<std::size_t>(std::max(1, CPU_COUNT(&set)));
  return std::max(1U, std::thread::hardware_concurrency());
}

void parallel_for(std::size_t count, std::size_t threads,
                  const std::function<void(std::size_t)>& task) {
  Work work(count, task);
  std::vector<std::thread> helpers;
  for (std::size_t t = 1; t < std::min(threads, count); ++t) {
    try {
      helpers.emplace_back([&work] { work.run(); });
    } catch (const std::system_error&) {
      break;  // no more threads to be had: the ones there are do the work
    }
  }
  work.run();
  for (auto& helper : helpers)
    helper.join();
  work.rethrow();
}

}  // namespace topobathy
