#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace topobathy {

/// A fixed number of threads and a bounded queue before them. Thread-safe.
class WorkQueue {
 public:
  using Work = std::function<void()>;
  struct Load {
    std::size_t running = 0, waiting = 0;
  };

  /// `most_waiting`: work that waits for a thread; more is refused.
  WorkQueue(std::size_t threads, std::size_t most_waiting);
  /// Ends what runs; what waits is dropped.
  ~WorkQueue();
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;

  /// \returns what abandon() knows it by, or null: the queue is full. The work throws nothing.
  std::shared_ptr<const Work> offer(Work work);
  /// Takes it out of the queue. \returns false: it has begun (or has ended)
  bool abandon(const std::shared_ptr<const Work>& work);
  Load load() const;

 private:
  void run_thread();

  const std::size_t most_waiting_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::shared_ptr<const Work>> waiting_;
  std::size_t running_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace topobathy
