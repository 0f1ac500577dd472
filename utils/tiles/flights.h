#pragma once

#include <future>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace topobathy {

/// Threads of one process that want the same thing at once make it once; the others get what the
/// first makes, its exception too. Thread-safe.
template <class Value>
class Flights {
 public:
  template <class Make>
  Value run(const std::string& key, const Make& make) {
    std::promise<Value> promise;
    std::shared_future<Value> other;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      const auto [entry, first] = flights_.try_emplace(key);
      if (first)
        entry->second = promise.get_future().share();
      else
        other = entry->second;
    }
    if (other.valid()) return other.get();
    // The flight lands before its result is known: who comes later looks for himself.
    try {
      Value value = make();
      land(key);
      promise.set_value(value);
      return value;
    } catch (...) {
      land(key);
      promise.set_exception(std::current_exception());
      throw;
    }
  }

 private:
  void land(const std::string& key) {
    const std::lock_guard<std::mutex> lock(mutex_);
    flights_.erase(key);
  }

  std::mutex mutex_;
  std::map<std::string, std::shared_future<Value>> flights_;
};

}  // namespace topobathy
