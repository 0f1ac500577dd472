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
    if (auto known = find(key)) return known;
    return keep(key, make());
  }

  /// The same for what may go out of date: a value that `good` refuses is made anew.
  template <class Make, class Good>
  std::shared_ptr<const T> get(const std::string& key, const Make& make, const Good& good) {
    const auto known = find(key);
    if (known && good(*known)) return known;
    auto made = make();
    forget(key, known);
    return keep(key, std::move(made));
  }

 private:
  std::shared_ptr<const T> find(const std::string& key) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto known = values_.find(key);
    return known != values_.end() ? known->second : nullptr;
  }
  std::shared_ptr<const T> keep(const std::string& key, std::shared_ptr<const T> made) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (values_.size() >= limit_) values_.clear();
    return values_.emplace(key, std::move(made)).first->second;
  }
  void forget(const std::string& key, const std::shared_ptr<const T>& value) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto known = values_.find(key);
    if (known != values_.end() && known->second == value) values_.erase(known);
  }

  const std::size_t limit_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const T>> values_;
};

}  // namespace topobathy
