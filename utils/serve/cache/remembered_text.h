#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <utility>

namespace topobathy {

/// An answer that takes a walk over the cache: made by one thread at a time, and kept for a while,
/// the longer the longer it took. Thread-safe.
class RememberedText {
 public:
  using Make = std::function<std::string()>;
  RememberedText(std::chrono::milliseconds kept, Make make) : kept_(kept), make_(std::move(make)) {}

  /// \param anew not an old one: made now, or by somebody else within the last second
  std::string text(bool anew);
  void forget();

 private:
  using Clock = std::chrono::steady_clock;

  const std::chrono::milliseconds kept_;
  const Make make_;
  std::mutex mutex_;
  bool known_ = false;
  std::string text_;
  Clock::time_point made_{};
  Clock::duration took_{};
};

}  // namespace topobathy
