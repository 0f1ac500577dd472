#pragma once

#include <cstdint>

#include "fusion/count_time.h"

/// Stop watches for what take_decode_work() tells this thread: a look at the clock before and after
/// a tile.
namespace topobathy {

/// Notes the time it lives as fetching.
class FetchTime {
 public:
  FetchTime() noexcept = default;
  ~FetchTime();
  FetchTime(const FetchTime&) = delete;
  FetchTime& operator=(const FetchTime&) = delete;

 private:
  const CountTime time_{nullptr};
};

/// Notes the time it lives, less the fetching meanwhile, as decoding.
class DecodeTime {
 public:
  DecodeTime() noexcept;
  ~DecodeTime();
  DecodeTime(const DecodeTime&) = delete;
  DecodeTime& operator=(const DecodeTime&) = delete;

 private:
  const std::int64_t fetched_before_;
  const CountTime time_{nullptr};
};

}  // namespace topobathy
