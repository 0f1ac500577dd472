#pragma once

#include <cstddef>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

#include "cache/single_flight.h"

namespace topobathy {

/// Decoded cells of this process, least recently used first out, below a byte limit. Thread-safe.
///
/// A reader that goes through a raster line by line needs every cell of a row of cells again and
/// again: were one too many for the limit, each line would cost the whole row. Such a reader says
/// what it needs.
class CellMemory {
 public:
  static constexpr std::size_t kMostReserved = std::size_t{512} << 20;

  explicit CellMemory(std::size_t limit_bytes) : own_limit_(limit_bytes), limit_(limit_bytes) {}

  CellPointer find(const std::string& key);
  void insert(const std::string& key, CellPointer cell);
  void drop(const std::string& key);
  /// Makes sure that cells of so many bytes fit, up to kMostReserved. Lasts until clear().
  void reserve(std::size_t bytes);
  void clear();
  std::size_t bytes() const;

 private:
  struct Entry {
    std::string key;
    CellPointer cell;
    std::size_t bytes;
  };
  const std::size_t own_limit_;
  std::size_t limit_;
  mutable std::mutex mutex_;
  std::list<Entry> entries_;  ///< most recently used first
  std::unordered_map<std::string, std::list<Entry>::iterator> index_;
  std::size_t bytes_ = 0;
};

}  // namespace topobathy
