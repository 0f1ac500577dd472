#include "fusion/policy/nearest.h"

#include <algorithm>
#include <cstddef>

namespace topobathy {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// Optimal string alignment distance: Levenshtein plus the swap of two neighbours.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                           lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(above);
    above.swap(row);
  }
  return above[b.size()];
}

/// One slip in a short word, one in three letters of a long one.
std::size_t tolerance(std::size_t letters) {
  return std::max<std::size_t>(1, letters / 3);
}

}  // namespace

std::string nearest_name(std::string_view word, const std::vector<std::string>& names) {
  constexpr std::size_t kLongestName = 64;  // a longer word is no slip; also bounds the work
  std::string best;
  if (word.size() > kLongestName) return best;
  std::size_t fewest = static_cast<std::size_t>(-1);
  for (const std::string& name : names) {
    if (name.size() > kLongestName) continue;
    const std::size_t edits = edit_distance(word, name);
    if (edits >= fewest || edits > tolerance(std::max(word.size(), name.size()))) continue;
    fewest = edits;
    best = name;
  }
  return best;
}

}  // namespace topobathy
