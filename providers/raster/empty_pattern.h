#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace topobathy {

/// The compressed bytes of a block that has no value. Writers that store blocks outside a survey
/// store the same bytes again and again; whoever knows them need not inflate them. Thread-safe.
class EmptyPattern {
 public:
  /// True if these bytes decode to no value in any of the samples (bit s: interleaved sample s).
  bool matches(const std::uint8_t* bytes, std::size_t count, std::uint64_t samples) const;
  /// Told after a whole block was decoded and none of the samples had a value.
  void learn(const std::uint8_t* bytes, std::size_t count, std::uint64_t samples);

 private:
  mutable std::mutex mutex_;
  std::vector<std::uint8_t> bytes_;
  std::uint64_t samples_ = 0;
};

}  // namespace topobathy
