#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace topobathy {

/// Mutexes by name: threads that want the same thing take turns at it. Those that nobody holds any
/// more are forgotten. Thread-safe.
class Turns {
 public:
  std::shared_ptr<std::mutex> at(const std::string& name) {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (auto turn = turns_.begin(); turn != turns_.end();)
      turn = turn->second.expired() ? turns_.erase(turn) : std::next(turn);
    std::weak_ptr<std::mutex>& known = turns_[name];
    std::shared_ptr<std::mutex> turn = known.lock();
    if (!turn) known = turn = std::make_shared<std::mutex>();
    return turn;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<std::mutex>> turns_;
};

}  // namespace topobathy
