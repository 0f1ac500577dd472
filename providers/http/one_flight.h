#pragma once

#include <exception>
#include <future>
#include <mutex>
#include <string>
#include <unordered_map>

namespace topobathy {

/// Threads that want the same at the same time let one of them fetch it and share what it gets, be
/// it an error. Thread-safe.
template <class Result>
class OneFlight {
 public:
  template <class Make>
  Result run(const std::string& key, const Make& make) {
    std::promise<Result> promise;
    std::shared_future<Result> flight;
    {
      const std::lock_guard<std::mutex> guard(mutex_);
      auto [entry, first] = flights_.try_emplace(key);
      if (first)
        entry->second = promise.get_future().share();
      else
        flight = entry->second;
    }
    if (flight.valid()) return flight.get();
    // The flight lands before its result is known: who comes later looks for himself.
    try {
      Result result = make();
      land(key);
      promise.set_value(result);
      return result;
    } catch (...) {
      land(key);
      promise.set_exception(std::current_exception());
      throw;
    }
  }

 private:
  void land(const std::string& key) {
    const std::lock_guard<std::mutex> guard(mutex_);
    flights_.erase(key);
  }

  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_future<Result>> flights_;
};

}  // namespace topobathy
