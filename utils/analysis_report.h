#pragma once

#include <ostream>

#include "providers/analyze.h"

namespace topobathy {

/// How much of an analysis is told.
enum class Detail {
  kSums,   ///< no list of files
  kSome,   ///< of each step's files the first
  kEvery,  ///< all
};

void print_text(std::ostream& out, const Analysis& analysis, Detail detail);
/// `kSome` is all too: a program has no trouble with long lists.
void print_json(std::ostream& out, const Analysis& analysis, Detail detail);

/// "download", "stream", ...
const char* to_text(InventoryItem::Access access) noexcept;

}  // namespace topobathy
