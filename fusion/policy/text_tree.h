#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "fusion/error.h"

/// A policy's text as a tree of places and literals: nothing is converted, so nothing is guessed.
namespace topobathy {

/// Limits of a policy text. Generous: 1000 steps with every key take a third of each.
constexpr std::size_t kMaxPolicyBytes = 1u << 20;
constexpr std::size_t kMaxTextBytes = 16u << 10;  ///< of one scalar
constexpr std::size_t kMaxValues = 100'000;  ///< bounds the memory of the tree to a few tens of MB
constexpr std::size_t kMaxDepth = 16;        ///< the schema itself needs 8

/// 1-based line and column in `file`, which outlives the tree; null for a map that is not in the
/// text.
struct TextMark {
  const std::string* file = nullptr;
  int line = 0;
  int column = 0;

  Place place() const { return {file != nullptr ? *file : "", line, column}; }
};

struct TextEntry;

struct TextNode {
  enum class Kind { kNull, kScalar, kList, kMap };

  Kind kind = Kind::kNull;
  bool quoted = false;  ///< 'x', "x" or a block scalar: text for certain
  std::string text;     ///< of a scalar, as written
  std::vector<TextNode> items;
  std::vector<TextEntry> entries;  ///< no key twice
  TextMark mark;

  Place place() const { return mark.place(); }
};

struct TextEntry {
  std::string key;
  TextMark mark;  ///< of the key
  TextNode value;
};

/// Reads YAML or JSON text. Refuses what makes YAML dangerous or ambiguous: anchors, aliases, tags,
/// duplicate keys, several documents, control characters, and anything beyond the limits above,
/// before the memory for it is taken. \throws Error(kPolicy)
TextNode parse_text_tree(const std::string& text, const std::string& file);

}  // namespace topobathy
