#include "fusion/policy/text_tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <string_view>
#include <utility>

#include "fusion/policy/messages.h"
#include "fusion/policy/text_guard.h"

namespace topobathy {
namespace {

/// Builds the tree from yaml-cpp's events: unlike YAML::Load it sees anchors and can stop before a
/// bomb is built.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(const std::string& file) : file_(file) {}

  TextNode take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) fail(at(mark).place(), Message::kSeveralDocuments);
  }
  void OnDocumentEnd() override {}
  void OnAnchor(const YAML::Mark& mark, const std::string& /*name*/) override {
    fail(at(mark).place(), Message::kAnchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    fail(at(mark).place(), Message::kAnchor);
  }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    if (expects_key()) fail(at(mark).place(), Message::kKeyNotText);
    TextNode node = begin(mark, "?", TextNode::Kind::kNull);
    // yaml-cpp gives an absent value the place of what follows it; its key is the better place.
    if (!open_.empty() && open_.back().node.kind == TextNode::Kind::kMap) {
      node.mark = open_.back().node.entries.back().mark;
    }
    add(std::move(node));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                const std::string& value) override {
    if (value.size() > kMaxTextBytes) {
      fail(at(mark).place(), Message::kTextTooLong,
           {std::to_string(value.size()), std::to_string(kMaxTextBytes)});
    }
    TextNode node = begin(mark, tag, TextNode::Kind::kScalar);
    if (expects_key()) {
      open_.back().node.entries.push_back({value, node.mark, {}});
      open_.back().has_key = true;
      return;
    }
    node.quoted = tag == "!";
    node.text = value;
    add(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                       YAML::EmitterStyle::value /*style*/) override {
    open(mark, tag, TextNode::Kind::kList);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {
    open(mark, tag, TextNode::Kind::kMap);
  }
  void OnMapEnd() override {
    refuse_duplicate_keys(open_.back().node.entries);
    close();
  }

 private:
  struct Open {
    TextNode node;
    bool has_key = false;  ///< of a map: the last entry waits for its value
  };

  TextMark at(const YAML::Mark& mark) const { return {&file_, mark.line + 1, mark.column + 1}; }

  bool expects_key() const {
    return !open_.empty() && open_.back().node.kind == TextNode::Kind::kMap &&
           !open_.back().has_key;
  }

  TextNode begin(const YAML::Mark& mark, const std::string& tag, TextNode::Kind kind) {
    // yaml-cpp says "?" for plain values and "!" for quoted text; everything else was written as a
    // tag.
    if (!tag.empty() && tag != "?" && tag != "!") {
      fail(at(mark).place(), Message::kTag, {shown(tag)});
    }
    if (++values_ > kMaxValues) {
      fail(at(mark).place(), Message::kTooManyValues, {std::to_string(kMaxValues)});
    }
    TextNode node;
    node.kind = kind;
    node.mark = at(mark);
    return node;
  }

  void open(const YAML::Mark& mark, const std::string& tag, TextNode::Kind kind) {
    if (expects_key()) fail(at(mark).place(), Message::kKeyNotText);
    if (open_.size() >= kMaxDepth) {
      fail(at(mark).place(), Message::kTooDeep, {std::to_string(kMaxDepth)});
    }
    open_.push_back({begin(mark, tag, kind)});
  }

  void close() {
    TextNode node = std::move(open_.back().node);
    open_.pop_back();
    add(std::move(node));
  }

  void add(TextNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (open_.back().node.kind == TextNode::Kind::kList) {
      open_.back().node.items.push_back(std::move(node));
    } else {
      open_.back().node.entries.back().value = std::move(node);
      open_.back().has_key = false;
    }
  }

  static void refuse_duplicate_keys(const std::vector<TextEntry>& entries) {
    std::vector<const TextEntry*> sorted;
    sorted.reserve(entries.size());
    for (const TextEntry& entry : entries)
      sorted.push_back(&entry);
    // Entries lie in text order, so their addresses order equal keys.
    std::sort(sorted.begin(), sorted.end(), [](const TextEntry* a, const TextEntry* b) {
      return a->key != b->key ? a->key < b->key : a < b;
    });
    const auto twice =
        std::adjacent_find(sorted.begin(), sorted.end(),
                           [](const TextEntry* a, const TextEntry* b) { return a->key == b->key; });
    if (twice == sorted.end()) return;
    const TextEntry& first = **twice;
    const TextEntry& second = **(twice + 1);
    fail(second.mark.place(), Message::kDuplicateKey,
         {shown(first.key), std::to_string(first.mark.line)});
  }

  const std::string& file_;
  std::vector<Open> open_;
  TextNode root_;
  std::size_t values_ = 0;
  int documents_ = 0;
};

[[noreturn]] void fail_syntax(const YAML::Exception& error, const std::string& file) {
  const Place place{file, error.mark.line + 1, error.mark.column + 1};
  if (error.msg.rfind(YAML::ErrorMsg::UNKNOWN_ANCHOR, 0) == 0) fail(place, Message::kAnchor);
  fail(place, Message::kSyntax, {error.msg});
}

}  // namespace

TextNode parse_text_tree(const std::string& text, const std::string& file) {
  guard_text(text, file);
  std::istringstream stream(text);
  TreeBuilder builder(file);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    fail_syntax(error, file);
  }
  return builder.take_root();
}

}  // namespace topobathy
