#include "providers/http/content_range.h"

#include <charconv>
#include <string_view>

namespace topobathy {
namespace {

/// Takes a number and the mark after it ('\0' = the end) off the text.
bool take(std::string_view& text, std::uint64_t& number, char mark) {
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  if (mark == '\0') return text.empty();
  if (text.empty() || text.front() != mark) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

std::optional<ContentRange> parse_content_range(const std::string& header) {
  std::string_view text = header;
  constexpr std::string_view kUnit = "bytes ";
  if (text.substr(0, kUnit.size()) != kUnit) return std::nullopt;
  text.remove_prefix(kUnit.size());
  ContentRange range;
  if (!take(text, range.bytes.first, '-') || !take(text, range.bytes.last, '/'))
    return std::nullopt;
  if (range.bytes.last < range.bytes.first) return std::nullopt;
  if (text == "*") return range;
  std::uint64_t size = 0;
  if (!take(text, size, '\0') || size <= range.bytes.last || size > INT64_MAX) return std::nullopt;
  range.size = static_cast<std::int64_t>(size);
  return range;
}

}  // namespace topobathy
