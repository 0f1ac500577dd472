#include "providers/raster/empty_pattern.h"

#include <algorithm>

namespace topobathy {
namespace {

/// A block of one value deflates to a thousandth; what is longer is not kept for comparison.
constexpr std::size_t kLongest = std::size_t{16} << 10;

}  // namespace

bool EmptyPattern::matches(const std::uint8_t* bytes, std::size_t count,
                           std::uint64_t samples) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return count == bytes_.size() && count != 0 && (samples & ~samples_) == 0 &&
         std::equal(bytes_.begin(), bytes_.end(), bytes);
}

void EmptyPattern::learn(const std::uint8_t* bytes, std::size_t count, std::uint64_t samples) {
  if (count > kLongest) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (bytes_.empty()) bytes_.assign(bytes, bytes + count);
  if (count == bytes_.size() && std::equal(bytes_.begin(), bytes_.end(), bytes))
    samples_ |= samples;
}

}  // namespace topobathy
