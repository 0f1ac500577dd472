#include "utils/serve/policy/curations.h"

#include <yaml-cpp/yaml.h>
#include <algorithm>

#include "fusion/policy/text_tree.h"
#include "utils/serve/http_error.h"

namespace topobathy {
namespace {

using Node = TextNode;

TextNode* find_child(TextNode& map, const std::string& key) {
  for (TextEntry& entry : map.entries)
    if (entry.key == key) return &entry.value;
  return nullptr;
}

TextNode& child(TextNode& map, const std::string& key) {
  if (TextNode* const found = find_child(map, key)) return *found;
  map.kind = Node::Kind::kMap;
  map.entries.push_back({key, map.mark, {}});
  return map.entries.back().value;
}

/// The exclude_patterns of a step, made to say what it took from the policy's defaults: a key that
/// is written replaces theirs, and a filter that is written as null has none of them.
TextNode& patterns_of(TextNode& step, const TextNode& defaults) {
  TextNode* const written = find_child(step, "filter");
  const bool inherits = written == nullptr || written->kind != Node::Kind::kNull;
  TextNode& filter = child(step, "filter");
  if (!inherits)
    for (const TextEntry& entry : defaults.entries)
      (void)child(filter, entry.key);
  TextNode* const own = find_child(filter, "exclude_patterns");
  TextNode& patterns = own != nullptr ? *own : child(filter, "exclude_patterns");
  if (own == nullptr)
    for (const TextEntry& entry : defaults.entries)
      if (entry.key == "exclude_patterns") patterns = entry.value;
  return patterns;
}

TextNode quoted_scalar(const std::string& text) {
  TextNode node;
  node.kind = Node::Kind::kScalar;
  node.quoted = true;
  node.text = text;
  return node;
}

/// A glob that matches this name alone (fnmatch: a backslash takes a letter's meaning away).
std::string literal_pattern(const std::string& name) {
  std::string pattern;
  for (const char c : name) {
    const bool begins = pattern.empty() && (c == '^' || c == '(');
    if (begins || c == '*' || c == '?' || c == '[' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern;
}

void append_names(TextNode& patterns, const std::vector<std::string>& names) {
  if (patterns.kind == Node::Kind::kScalar) {
    TextNode list;
    list.kind = Node::Kind::kList;
    list.items = {patterns};
    patterns = std::move(list);
  }
  patterns.kind = Node::Kind::kList;
  for (const std::string& name : names) {
    const std::string pattern = literal_pattern(name);
    if (std::none_of(patterns.items.begin(), patterns.items.end(),
                     [&](const TextNode& item) { return item.text == pattern; }))
      patterns.items.push_back(quoted_scalar(pattern));
  }
}

/// As YAML: what was quoted is quoted again, so that every literal keeps its kind.
void emit(YAML::Emitter& out, const TextNode& node) {
  switch (node.kind) {
    case Node::Kind::kNull:
      out << YAML::Null;
      return;
    case Node::Kind::kScalar:
      if (node.quoted) out << YAML::DoubleQuoted;
      out << node.text;
      return;
    case Node::Kind::kList:
      out << YAML::BeginSeq;
      for (const TextNode& item : node.items)
        emit(out, item);
      out << YAML::EndSeq;
      return;
    case Node::Kind::kMap:
      out << YAML::BeginMap;
      for (const TextEntry& entry : node.entries) {
        out << YAML::Key << entry.key << YAML::Value;
        emit(out, entry.value);
      }
      out << YAML::EndMap;
  }
}

}  // namespace

std::string with_curations(const std::string& yaml, const Curations& curations) {
  TextNode root = parse_text_tree(yaml, "policy");
  TextNode* const defaults = find_child(root, "defaults");
  TextNode* const of_filter = defaults != nullptr ? find_child(*defaults, "filter") : nullptr;
  const TextNode filter_defaults = of_filter != nullptr ? *of_filter : TextNode();
  TextNode& steps = child(child(root, "variables").items.front(), "steps");
  for (const auto& [place, names] : curations) {
    if (place < 0 || static_cast<std::size_t>(place) >= steps.items.size())
      throw HttpError(422, "curations name step " + std::to_string(place) +
                               ", but the policy has steps 0 to " +
                               std::to_string(static_cast<int>(steps.items.size()) - 1));
    append_names(patterns_of(steps.items[static_cast<std::size_t>(place)], filter_defaults), names);
  }
  YAML::Emitter out;
  emit(out, root);
  return std::string(out.c_str()) + "\n";
}

}  // namespace topobathy
