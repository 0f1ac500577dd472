#pragma once

#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "fusion/error.h"

namespace topobathy {

/// Threads that want the same at the same time let one of them fetch it and share what it gets, be
/// it an Error. Thread-safe.
template <class Result>
class OneFlight {
 public:
  template <class Make>
  Result run(const std::string& key, const Make& make) {
    std::promise<Landing> promise;
    std::shared_future<Landing> flight;
    {
      const std::lock_guard<std::mutex> guard(mutex_);
      auto [entry, first] = flights_.try_emplace(key);
      if (first)
        entry->second = promise.get_future().share();
      else
        flight = entry->second;
    }
    if (!flight.valid()) return fly(key, make, promise);
    const Landing& landing = flight.get();
    if (landing.result) return *landing.result;
    throw Error(landing.code, landing.message, landing.place);
  }

 private:
  /// An error travels as its parts: one exception object in several threads is counted by a library
  /// that no thread sanitizer sees into.
  struct Landing {
    std::optional<Result> result;
    ErrorCode code = ErrorCode::kInternal;
    std::string message;
    Place place;
  };

  /// The flight lands before its result is known: who comes later looks for himself.
  template <class Make>
  Result fly(const std::string& key, const Make& make, std::promise<Landing>& promise) {
    try {
      Result result = make();
      land(key);
      promise.set_value({result, {}, {}, {}});
      return result;
    } catch (const Error& error) {
      land(key);
      promise.set_value({std::nullopt, error.code(), error.message(), error.place()});
      throw;
    } catch (const std::exception& error) {
      land(key);
      promise.set_value({std::nullopt, ErrorCode::kInternal, error.what(), {}});
      throw;
    }
  }

  void land(const std::string& key) {
    const std::lock_guard<std::mutex> guard(mutex_);
    flights_.erase(key);
  }

  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_future<Landing>> flights_;
};

}  // namespace topobathy
