#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace topobathy {

/// Values that are dear to make and are shared by whoever asks with the same key. Thread-safe.
/// Beyond `limit` values all are forgotten; those in use live on with their users.
template <class T>
class SharedByKey {
 public:
  explicit SharedByKey(std::size_t limit) : limit_(limit) {}

  /// `make` returns a std::shared_ptr<const T> and runs without a lock: of two threads that want a
  /// new value, one's is kept.
  template <class Make>
  std::shared_ptr<const T> get(const std::string& key, const Make& make) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (const auto known = values_.find(key); known != values_.end()) return known->second;
    }
    std::shared_ptr<const T> made = make();
    const std::lock_guard<std::mutex> lock(mutex_);
    if (values_.size() >= limit_) values_.clear();
    return values_.emplace(key, std::move(made)).first->second;
  }

 private:
  const std::size_t limit_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const T>> values_;
};

}  // namespace topobathy
