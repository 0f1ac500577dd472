#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fusion/policy/enum_names.h"
#include "fusion/policy/options.h"
#include "fusion/policy/text_tree.h"

namespace topobathy {

/// A map of the policy text read by its section: the constructor refuses unknown and missing keys,
/// the reads refuse wrong types and ranges. A key with null reads as absent.
class MapReader {
 public:
  /// Both must outlive the reader. \throws Error(kPolicy)
  MapReader(const TextNode& map, const Section& section);

  /// The value of a key; null when absent or null.
  const TextNode* find(std::string_view key) const;
  /// True also for an explicit null: the text says something, so no default applies.
  bool is_written(std::string_view key) const { return entry(key) != nullptr; }
  /// Of the value, or of the map where the key is absent.
  Place place(std::string_view key) const;
  Place place() const { return map_.place(); }

  std::optional<std::string> text(std::string_view key) const;
  std::optional<double> number(std::string_view key) const;
  std::optional<int> integer(std::string_view key) const;
  std::optional<bool> flag(std::string_view key) const;
  std::vector<std::string> texts(std::string_view key) const;
  /// The items of a list; empty when absent.
  const std::vector<TextNode>& items(std::string_view key) const;
  /// Index into the option's choices.
  std::optional<std::size_t> choice(std::string_view key) const;
  template <class Enum>
  std::optional<Enum> choice_of(std::string_view key) const {
    const auto index = choice(key);
    return index ? std::optional<Enum>(static_cast<Enum>(*index)) : std::nullopt;
  }

 private:
  const TextEntry* entry(std::string_view key) const;
  const Option& option(std::string_view key) const;

  const TextNode& map_;
  const Section& section_;
};

/// A finite number of this option's range. \throws Error(kPolicy)
double number_of(const TextNode& node, const Option& option);

}  // namespace topobathy
