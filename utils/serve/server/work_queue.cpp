#include "utils/serve/server/work_queue.h"

#include <algorithm>
#include <utility>

namespace topobathy {

WorkQueue::WorkQueue(std::size_t threads, std::size_t most_waiting) : most_waiting_(most_waiting) {
  for (std::size_t i = 0; i < threads; ++i)
    threads_.emplace_back([this] { run_thread(); });
}

WorkQueue::~WorkQueue() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    waiting_.clear();
  }
  wake_.notify_all();
  for (std::thread& thread : threads_)
    thread.join();
}

std::shared_ptr<const WorkQueue::Work> WorkQueue::offer(Work work) {
  auto entry = std::make_shared<const Work>(std::move(work));
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const std::size_t idle = threads_.size() - std::min(threads_.size(), running_);
    // A thread that is idle, but not awake yet, takes one of those that wait.
    if (stopping_ || waiting_.size() >= most_waiting_ + idle) return nullptr;
    waiting_.push_back(entry);
  }
  wake_.notify_one();
  return entry;
}

bool WorkQueue::abandon(const std::shared_ptr<const Work>& work) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = std::find(waiting_.begin(), waiting_.end(), work);
  if (found == waiting_.end()) return false;
  waiting_.erase(found);
  return true;
}

WorkQueue::Load WorkQueue::load() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return {running_, waiting_.size()};
}

void WorkQueue::run_thread() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    std::shared_ptr<const Work> work = std::move(waiting_.front());
    waiting_.pop_front();
    ++running_;
    lock.unlock();
    (*work)();
    work.reset();
    lock.lock();
    --running_;
  }
}

}  // namespace topobathy
