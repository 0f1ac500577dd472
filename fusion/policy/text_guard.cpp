#include "fusion/policy/text_guard.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string_view>

#include "fusion/policy/messages.h"
#include "fusion/policy/text_tree.h"

namespace topobathy {
namespace {

Place place_of(const std::string& text, std::size_t offset, const std::string& file) {
  const std::string_view before = std::string_view(text).substr(0, offset);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  const auto lines = std::count(before.begin(), before.end(), '\n');
  return {file, static_cast<int>(lines) + 1, static_cast<int>(offset - line_start) + 1};
}

/// nlohmann's strict writer is the UTF-8 check; for the plain ASCII that most policies are it would
/// be a tenth of the time to open one with ten thousand paths.
bool is_utf8(std::string_view text) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (std::all_of(text.begin(), text.end(), is_ascii)) return true;
  try {
    (void)nlohmann::json(text).dump();
    return true;
  } catch (const nlohmann::json::type_error&) {
    return false;
  }
}

/// A line break never lies inside a UTF-8 character, so the lines can be tried one by one.
std::size_t first_bad_line(std::string_view text) {
  std::size_t from = 0;
  for (;;) {
    const std::size_t end = text.find('\n', from);
    if (!is_utf8(text.substr(from, end - from)) || end == std::string_view::npos) return from;
    from = end + 1;
  }
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
}

}  // namespace

void guard_text(const std::string& text, const std::string& file) {
  if (text.size() > kMaxPolicyBytes) {
    fail({file}, Message::kTooLarge,
         {std::to_string(text.size()), std::to_string(kMaxPolicyBytes)});
  }
  if (!is_utf8(text)) fail(place_of(text, first_bad_line(text), file), Message::kNotUtf8);
  const auto control = std::find_if(text.begin(), text.end(), is_control);
  if (control == text.end()) return;
  std::array<char, 8> code;
  std::snprintf(code.data(), code.size(), "U+%04X", static_cast<unsigned>(*control));
  fail(place_of(text, static_cast<std::size_t>(control - text.begin()), file),
       Message::kControlCharacter, {code.data()});
}

}  // namespace topobathy
