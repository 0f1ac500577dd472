#include "fusion/policy/messages.h"

#include <array>
#include <charconv>
#include <cstddef>

namespace topobathy {

std::string format_message(Message message, std::initializer_list<std::string_view> values) {
  const std::string_view text = kMessageTexts[static_cast<std::size_t>(message)];
  std::string out;
  std::size_t from = 0;
  for (const std::string_view value : values) {
    const std::size_t hole = text.find("{}", from);
    if (hole == std::string_view::npos) break;
    out.append(text.substr(from, hole - from)).append(value);
    from = hole + 2;
  }
  return out.append(text.substr(from));
}

void fail(const Place& place, Message message, std::initializer_list<std::string_view> values) {
  throw Error(ErrorCode::kPolicy, format_message(message, values), place);
}

std::string shown(std::string_view text) {
  constexpr std::size_t kMax = 40;
  const bool cut = text.size() > kMax;
  std::size_t size = cut ? kMax : text.size();
  // Bytes 10xxxxxx continue a UTF-8 character.
  while (cut && size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80)
    --size;
  std::string out(text.substr(0, size));
  for (char& c : out) {
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  }
  return cut ? out + "..." : out;
}

std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t kMax = 40;
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kMax; ++i) {
    text.append(i == 0 ? "" : ", ").append(shown(names[i]));
  }
  return names.size() > kMax ? text + ", ..." : text;
}

std::string shown(double value) {
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return std::string(buffer.data(), end);
}

}  // namespace topobathy
