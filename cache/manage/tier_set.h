#pragma once

#include <string_view>
#include <vector>

#include "cache/tiers.h"

namespace topobathy {

/// Some of the tiers.
class TierSet {
 public:
  constexpr TierSet() noexcept = default;
  static constexpr TierSet all() noexcept {
    TierSet set;
    for (int number = 1; number <= kTierCount; ++number)
      set.add(number);
    return set;
  }
  constexpr void add(int number) noexcept { bits_ |= 1U << number; }
  constexpr bool has(int number) const noexcept { return (bits_ >> number & 1U) != 0; }
  constexpr bool empty() const noexcept { return bits_ == 0; }
  std::vector<int> numbers() const;  ///< ascending

 private:
  unsigned bits_ = 0;
};

/// Whether files of these tiers may lie in a folder or below it: what a walk need not enter.
bool may_hold(std::string_view folder, const TierSet& wanted);

}  // namespace topobathy
