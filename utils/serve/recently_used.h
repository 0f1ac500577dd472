#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace topobathy {

/// A bounded number of values by key; the one that was asked for least recently goes first. Whoever
/// holds a copy of a value that went keeps it. Thread-safe.
template <class Value>
class RecentlyUsed {
 public:
  /// \pre most > 0
  explicit RecentlyUsed(std::size_t most) : most_(most) {}

  std::optional<Value> find(const std::string& key) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = entries_.find(key);
    if (found == entries_.end()) return std::nullopt;
    found->second.used = ++clock_;
    return found->second.value;
  }
  void put(const std::string& key, Value value) {
    const std::lock_guard<std::mutex> lock(mutex_);
    entries_.insert_or_assign(key, Entry{std::move(value), ++clock_});
    drop_oldest();
  }
  void erase(const std::string& key) {
    const std::lock_guard<std::mutex> lock(mutex_);
    entries_.erase(key);
  }
  std::size_t size() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return entries_.size();
  }

 private:
  struct Entry {
    Value value;
    std::uint64_t used;
  };
  void drop_oldest() {
    while (entries_.size() > most_) {
      auto oldest = entries_.begin();
      for (auto entry = entries_.begin(); entry != entries_.end(); ++entry)
        if (entry->second.used < oldest->second.used) oldest = entry;
      entries_.erase(oldest);
    }
  }

  const std::size_t most_;
  mutable std::mutex mutex_;
  std::map<std::string, Entry> entries_;
  std::uint64_t clock_ = 0;
};

}  // namespace topobathy
