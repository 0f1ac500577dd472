#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <utility>

namespace topobathy {

/// Owner of what GetMetadata() and GetMetadataItem() return: the caller gets a pointer and no word
/// on how long it holds. The last `limit` answers stay valid (GDAL's own drivers keep one), an
/// answer equal to the last one takes no room. Thread-safe.
template <class Value>
class Kept {
 public:
  explicit Kept(std::size_t limit) : limit_(limit) {}

  /// A reference that stays valid until `limit` other answers were given.
  const Value& keep(Value value) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!values_.empty() && values_.back() == value) return values_.back();
    values_.push_back(std::move(value));
    if (values_.size() > limit_) values_.pop_front();
    return values_.back();
  }

 private:
  const std::size_t limit_;
  std::mutex mutex_;
  std::deque<Value> values_;  // a deque: the others stay where they are
};

}  // namespace topobathy
