#pragma once

#include <cstddef>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

#include "cache/single_flight.h"

namespace topobathy {

/// Decoded cells of this process, least recently used first out, below a byte limit. Thread-safe.
class CellMemory {
 public:
  explicit CellMemory(std::size_t limit_bytes) : limit_(limit_bytes) {}

  CellPointer find(const std::string& key);
  void insert(const std::string& key, CellPointer cell);
  void clear();
  std::size_t bytes() const;

 private:
  struct Entry {
    std::string key;
    CellPointer cell;
    std::size_t bytes;
  };
  const std::size_t limit_;
  mutable std::mutex mutex_;
  std::list<Entry> entries_;  ///< most recently used first
  std::unordered_map<std::string, std::list<Entry>::iterator> index_;
  std::size_t bytes_ = 0;
};

}  // namespace topobathy
