#include "fusion/policy/map_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "fusion/policy/messages.h"
#include "fusion/policy/nearest.h"
#include "fusion/policy/scalar.h"

namespace topobathy {
namespace {

using Kind = TextNode::Kind;

[[noreturn]] void fail_type(const TextNode& node, const Option& option, const std::string& wanted) {
  fail(node.place(), Message::kExpected, {option.key, wanted, described(node)});
}

[[noreturn]] void fail_unknown_key(const TextEntry& entry, const Section& section) {
  const Place place = entry.mark.place();
  for (const Section* other : all_sections()) {
    if (other->find(entry.key) == nullptr) continue;
    fail(place, Message::kUnknownKeyElsewhere, {entry.key, section.name, other->name});
  }
  const std::string near = nearest_name(entry.key, section.keys());
  if (!near.empty()) {
    fail(place, Message::kUnknownKeyNear, {shown(entry.key), section.name, near});
  }
  fail(place, Message::kUnknownKey, {shown(entry.key), section.name, listed(section.keys())});
}

std::string range_text(const Option& option) {
  const bool has_max = std::isfinite(option.max);
  if (!std::isfinite(option.min) && !has_max) return "";
  if (!has_max) return (option.above_min ? " above " : " from ") + shown(option.min);
  if (option.min == option.max) return " " + shown(option.min);
  return " from " + shown(option.min) + " to " + shown(option.max);
}

bool in_range(double value, const Option& option) {
  if (option.above_min && value == option.min) return false;
  return value >= option.min && value <= option.max;
}

/// Plain words that other readers of YAML take for numbers or truth values are no text: `no`,
/// 010, 1.10.
std::string text_of(const TextNode& node, const Option& option) {
  const bool literal = option.type == ValueType::kLiteral || option.type == ValueType::kLiteralList;
  const bool number = node.kind == Kind::kScalar && !node.quoted && looks_like_number(node.text);
  const bool flag = node.kind == Kind::kScalar && !node.quoted && looks_like_flag(node.text);
  if (number && literal) return node.text;
  if (number || flag) fail_type(node, option, "text in quotes");
  if (node.kind != Kind::kScalar) fail_type(node, option, "text");
  if (node.text.empty() && option.type != ValueType::kNote) {
    fail_type(node, option, "text that is not empty");
  }
  return node.text;
}

}  // namespace

double number_of(const TextNode& node, const Option& option) {
  const bool plain = node.kind == Kind::kScalar && !node.quoted;
  const auto value = plain ? read_number(node.text) : std::nullopt;
  const std::string noun = option.type == ValueType::kInteger ? "a whole number" : "a number";
  if (!value) fail_type(node, option, noun + range_text(option) + ", in plain digits");
  if (!in_range(*value, option)) fail_type(node, option, noun + range_text(option));
  return *value;
}

MapReader::MapReader(const TextNode& map, const Section& section) : map_(map), section_(section) {
  if (map.kind != Kind::kMap) {
    fail(map.place(), Message::kExpected, {section.id, "a map", described(map)});
  }
  for (const TextEntry& entry : map.entries) {
    if (section.find(entry.key) == nullptr) fail_unknown_key(entry, section);
  }
  for (const Option& option : section.options) {
    if (option.required && find(option.key) == nullptr) {
      fail(place(option.key), Message::kMissingKey, {section.name, option.key});
    }
  }
}

const TextEntry* MapReader::entry(std::string_view key) const {
  for (const TextEntry& entry : map_.entries) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

const Option& MapReader::option(std::string_view key) const {
  const Option* option = section_.find(key);
  if (option == nullptr) {
    throw Error(ErrorCode::kInternal, "undeclared policy key " + std::string(key));
  }
  return *option;
}

const TextNode* MapReader::find(std::string_view key) const {
  const TextEntry* found = entry(key);
  return found == nullptr || found->value.kind == Kind::kNull ? nullptr : &found->value;
}

Place MapReader::place(std::string_view key) const {
  const TextEntry* found = entry(key);
  return found == nullptr ? map_.place() : found->value.place();
}

std::optional<std::string> MapReader::text(std::string_view key) const {
  const TextNode* node = find(key);
  return node == nullptr ? std::nullopt : std::optional(text_of(*node, option(key)));
}

std::optional<double> MapReader::number(std::string_view key) const {
  const TextNode* node = find(key);
  return node == nullptr ? std::nullopt : std::optional(number_of(*node, option(key)));
}

std::optional<int> MapReader::integer(std::string_view key) const {
  const TextNode* node = find(key);
  if (node == nullptr) return std::nullopt;
  const double value = number_of(*node, option(key));
  const bool digits_only = node->text.find_first_of(".eE") == std::string::npos;
  if (!digits_only) fail_type(*node, option(key), "a whole number, in plain digits");
  return static_cast<int>(value);
}

std::optional<bool> MapReader::flag(std::string_view key) const {
  const TextNode* node = find(key);
  if (node == nullptr) return std::nullopt;
  const bool plain = node->kind == Kind::kScalar && !node->quoted;
  if (plain && node->text == "true") return true;
  if (plain && node->text == "false") return false;
  fail_type(*node, option(key), "true or false");
}

std::vector<std::string> MapReader::texts(std::string_view key) const {
  const TextNode* node = find(key);
  if (node == nullptr) return {};
  if (node->kind != Kind::kList) return {text_of(*node, option(key))};
  std::vector<std::string> all;
  all.reserve(node->items.size());
  for (const TextNode& item : node->items)
    all.push_back(text_of(item, option(key)));
  return all;
}

const std::vector<TextNode>& MapReader::items(std::string_view key) const {
  static const std::vector<TextNode> kNone;
  const TextNode* node = find(key);
  if (node == nullptr) return kNone;
  if (node->kind != Kind::kList) fail_type(*node, option(key), "a list");
  return node->items;
}

std::optional<std::size_t> MapReader::choice(std::string_view key) const {
  const TextNode* node = find(key);
  if (node == nullptr) return std::nullopt;
  const Option& declared = option(key);
  const std::string word = text_of(*node, declared);
  const auto& choices = declared.choices;
  const auto found = std::find(choices.begin(), choices.end(), word);
  if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
  const std::string near = nearest_name(word, choices);
  if (!near.empty()) fail(node->place(), Message::kUnknownValueNear, {key, shown(word), near});
  fail(node->place(), Message::kUnknownValue, {key, shown(word), listed(choices)});
}

}  // namespace topobathy
