#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "fusion/policy/load.h"

// GDAL asks for every file that anyone opens, so this works on the bytes at hand: no parser, no
// allocation. No magic key exists in the policies that people have, so the shape decides: a map
// whose root keys are ours, and a list of variables made of steps.
namespace topobathy {
namespace {

/// A head of this size may be cut; a shorter one is the whole file (GDAL reads the first 1024
/// bytes).
constexpr std::size_t kFullHead = 1024;
constexpr std::size_t kMaxHead = 64 * 1024;  ///< nothing beyond is looked at

// Not taken from the option tables, which allocate. A test holds them together.
constexpr std::array<std::string_view, 6> kGeometryKeys = {"crs",    "resolution",   "zoom",
                                                           "extent", "vertical_crs", "overview"};
constexpr std::array<std::string_view, 5> kOtherKeys = {"name", "version", "description",
                                                        "defaults", "on_error"};
constexpr std::array<std::string_view, 4> kVariableKeys = {"name", "description", "background",
                                                           "steps"};

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// What the visible part of a text says.
struct Evidence {
  bool name = false, crs = false, variables = false;
  bool steps = false, provider = false, background = false;  ///< below the root
  int geometry = 0;                                          ///< root keys of kGeometryKeys
  int unknown = 0;                                           ///< root keys that are not ours
  int foreign = 0;       ///< keys of a variable that are not ours
  bool no_list = false;  ///< `variables` is something else than a list
  bool strange = false;  ///< not the text of a map

  void root_key(std::string_view key) {
    name = name || key == "name";
    crs = crs || key == "crs";
    if (key == "variables") {
      variables = true;
    } else if (is_one_of(key, kGeometryKeys)) {
      ++geometry;
    } else if (!is_one_of(key, kOtherKeys)) {
      ++unknown;
    }
  }
  void variable_key(std::string_view key) {
    if (!is_one_of(key, kVariableKeys)) ++foreign;
    background = background || key == "background";
  }
  void inner_key(std::string_view key) {
    steps = steps || key == "steps";
    provider = provider || key == "provider";
  }

  bool is_policy(bool is_cut) const {
    if (strange || no_list || unknown > 1 || foreign > 1) return false;
    // One slip is still a policy, so that the user gets the message that names it.
    if (variables && provider) return name || geometry > 0;
    if (unknown == 1) return geometry > 0 && steps && provider;
    if (foreign > 0) return false;
    if (variables) return steps || background || (is_cut && (name || geometry > 0));
    return name && (geometry >= 2 || (is_cut && crs));
  }
};

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}
bool is_quote(char c) {
  return c == '"' || c == '\'';
}
bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.' || c == '$';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back()))
    text.remove_suffix(1);
  return text;
}

/// The key that a text begins with: `word:` or `"word":`; empty when there is none. `rest` is what
/// follows the colon.
std::string_view leading_key(std::string_view text, std::string_view* rest) {
  const char quote = !text.empty() && is_quote(text.front()) ? text.front() : '\0';
  const std::size_t from = quote != '\0' ? 1 : 0;
  std::size_t end = from;
  while (end < text.size() && is_word(text[end]))
    ++end;
  std::size_t colon = end;
  if (quote != '\0') {
    if (colon >= text.size() || text[colon] != quote) return {};
    ++colon;
  }
  while (colon < text.size() && is_blank(text[colon]))
    ++colon;
  if (end == from || colon >= text.size() || text[colon] != ':') return {};
  const bool ends_well = colon + 1 == text.size() || is_blank(text[colon + 1]) || quote != '\0';
  if (!ends_well) return {};
  *rest = trimmed(text.substr(colon + 1));
  return text.substr(from, end - from);
}

/// What a piece of flow text ({...}, [...]) is.
enum class FlowPart {
  kRoot,       ///< the document: root keys at depth 1, those of a variable at 3
  kVariables,  ///< the value of `variables`: keys of a variable at 2
  kInner       ///< something below, such as a step: no depth tells whose keys these are
};

class FlowScanner {
 public:
  FlowScanner(Evidence& evidence, FlowPart part) : evidence_(evidence), part_(part) {}

  void scan(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
      const char c = text[i];
      if (c == '{' || c == '[') ++depth_;
      if (c == '}' || c == ']') --depth_;
      if (is_quote(c) || is_word(c)) {
        i = word(text, i);
      } else {
        ++i;
      }
    }
  }

 private:
  /// One word or quoted text; returns the offset behind it.
  std::size_t word(std::string_view text, std::size_t from) {
    std::string_view rest;
    const std::string_view key = leading_key(line_of(text, from), &rest);
    if (!key.empty()) found(key, rest);
    if (!is_quote(text[from])) {
      while (from < text.size() && is_word(text[from]))
        ++from;
      return from;
    }
    const char quote = text[from++];
    while (from < text.size() && text[from] != quote)
      from += text[from] == '\\' ? 2 : 1;
    return from + 1;
  }

  /// As much as a key and the beginning of its value need; bounded, so that one long line costs no
  /// more than many short ones.
  static std::string_view line_of(std::string_view text, std::size_t from) {
    const std::string_view rest = text.substr(from, 128);
    return rest.substr(0, rest.find('\n'));
  }

  void found(std::string_view key, std::string_view value) {
    if (part_ == FlowPart::kRoot && depth_ == 1) {
      inside_variables_ = key == "variables";
      evidence_.root_key(key);
      if (inside_variables_ && !value.empty() && value.front() != '[') evidence_.no_list = true;
      return;
    }
    const bool of_variable =
        part_ == FlowPart::kVariables ? depth_ == 2 : inside_variables_ && depth_ == 3;
    if (of_variable) evidence_.variable_key(key);
    evidence_.inner_key(key);
  }

  Evidence& evidence_;
  FlowPart part_;
  bool inside_variables_ = false;
  int depth_ = 0;
};

/// Looks at block text, line by line.
class BlockScanner {
 public:
  explicit BlockScanner(Evidence& evidence) : evidence_(evidence) {}

  void line(std::string_view raw) {
    const std::string_view text = trimmed(raw);
    if (text.empty() || text.front() == '#') return;
    const auto indent = static_cast<int>(raw.find_first_not_of(' '));
    if (base_ < 0 && (text.substr(0, 3) == "---" || text.front() == '%')) return;
    if (base_ < 0) base_ = indent;
    const bool is_item = text == "-" || text.substr(0, 2) == "- ";
    if (indent > base_ || (is_item && indent == base_ && has_root_key_)) {
      inner_line(text, indent, is_item);
    } else {
      root_line(text, indent);
    }
  }

 private:
  void root_line(std::string_view text, int indent) {
    const bool closes = text.front() == ']' || text.front() == '}' || text == "...";
    if (closes && has_root_key_) return;
    std::string_view value;
    const std::string_view key = leading_key(text, &value);
    if (key.empty() || indent != base_) {
      evidence_.strange = true;
      return;
    }
    has_root_key_ = true;
    in_variables_ = key == "variables";
    in_flow_ = false;
    item_column_ = -1;
    evidence_.root_key(key);
    const bool is_empty = value.empty() || value.front() == '#';
    if (!in_variables_ || is_empty) return;
    evidence_.no_list = value.front() != '[';
    in_flow_ = true;
    FlowScanner(evidence_, FlowPart::kVariables).scan(value);
  }

  void inner_line(std::string_view text, int indent, bool is_item) {
    if (!in_variables_ || in_flow_) {
      inner_keys(text);
      return;
    }
    if (item_column_ < 0) {
      if (!is_item && text.front() != '[') evidence_.no_list = true;
      item_indent_ = indent;
      item_column_ = 0;
    }
    int column = indent;
    if (is_item && indent == item_indent_) {
      const std::size_t key_at = text.find_first_not_of("- ");
      if (key_at == std::string_view::npos) return;
      column = item_column_ = indent + static_cast<int>(key_at);
      text.remove_prefix(key_at);
    } else if (item_column_ == 0) {
      item_column_ = indent;  // the dash stood alone
    }
    std::string_view value;
    const std::string_view key = column == item_column_ ? leading_key(text, &value) : "";
    if (!key.empty()) evidence_.variable_key(key);
    inner_keys(text);
  }

  /// `provider` and `steps` count wherever they stand below the root, also within flow text.
  void inner_keys(std::string_view text) {
    while (text.substr(0, 2) == "- ")
      text = trimmed(text.substr(2));
    std::string_view value;
    const std::string_view key = leading_key(text, &value);
    evidence_.inner_key(key);
    const std::string_view rest = key.empty() ? text : value;
    if (!rest.empty() && (rest.front() == '{' || rest.front() == '['))
      FlowScanner(evidence_, FlowPart::kInner).scan(rest);
  }

  Evidence& evidence_;
  int base_ = -1;  ///< indent of the root keys
  bool has_root_key_ = false;
  bool in_variables_ = false;
  bool in_flow_ = false;  ///< the value of `variables` began as [...]
  int item_indent_ = -1;  ///< of the dashes below `variables`
  int item_column_ = -1;  ///< of a variable's keys; -1 before the first line, 0 after a lone dash
};

/// The editor's line that names our schema is proof enough.
bool is_modeline(std::string_view line) {
  constexpr std::string_view kServer = "yaml-language-server:";
  line = trimmed(line);
  return !line.empty() && line.front() == '#' && line.find(kServer) != std::string_view::npos &&
         line.find("topobathy") != std::string_view::npos &&
         line.find("policy.schema.json") != std::string_view::npos;
}

bool has_binary(std::string_view head) {
  return std::any_of(head.begin(), head.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
  });
}

bool looks_like_block(std::string_view head, bool is_cut) {
  Evidence evidence;
  BlockScanner scanner(evidence);
  while (!head.empty()) {
    const std::size_t end = head.find('\n');
    if (end == std::string_view::npos && is_cut) break;  // half a line says nothing
    const std::string_view line = head.substr(0, end);
    if (is_modeline(line)) return true;
    scanner.line(line);
    if (evidence.strange) return false;
    head.remove_prefix(end == std::string_view::npos ? head.size() : end + 1);
  }
  return evidence.is_policy(is_cut);
}

}  // namespace

bool looks_like_policy(const char* head, std::size_t size) noexcept {
  constexpr std::string_view kBom = "\xEF\xBB\xBF";
  if (head == nullptr) return false;
  std::string_view text(head, std::min(size, kMaxHead));
  const bool is_cut = size >= kFullHead;
  if (text.substr(0, kBom.size()) == kBom) text.remove_prefix(kBom.size());
  if (has_binary(text)) return false;
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return false;
  if (text[start] != '{') return looks_like_block(text, is_cut);
  Evidence evidence;
  FlowScanner(evidence, FlowPart::kRoot).scan(text);
  return evidence.is_policy(is_cut);
}

}  // namespace topobathy
