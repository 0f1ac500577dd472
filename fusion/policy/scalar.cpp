#include "fusion/policy/scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "fusion/policy/messages.h"

namespace topobathy {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view without_sign(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return out;
}

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

/// Octal to some readers, decimal to others.
bool has_leading_zero(std::string_view digits) {
  return digits.size() > 1 && digits[0] == '0' && is_digit(digits[1]);
}

}  // namespace

std::optional<double> read_number(std::string_view literal) {
  std::string_view digits = without_sign(literal);
  const bool starts_well = !digits.empty() && (is_digit(digits[0]) || digits[0] == '.');
  if (!starts_well || has_leading_zero(digits)) return std::nullopt;
  double value = 0.0;
  // std::from_chars knows no locale and no hexadecimal here, and takes the digits without a sign.
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  if (literal.front() == '-') value = -value;
  return value + 0.0;  // -0 is 0
}

bool looks_like_number(std::string_view literal) {
  constexpr std::array<std::string_view, 3> kWords = {".inf", ".nan", "nan"};
  if (read_number(literal)) return true;
  const std::string digits = lower(without_sign(literal));
  if (is_one_of(digits, kWords)) return true;
  if (digits.empty() || !is_digit(digits[0])) return false;
  if (digits[0] == '0' && digits.size() > 2 &&
      std::string_view("xob").find(digits[1]) != std::string_view::npos) {
    return digits.find_first_not_of("0123456789abcdef_", 2) == std::string::npos;
  }
  return digits.find_first_not_of("0123456789_:") == std::string::npos ||
         (has_leading_zero(digits) && read_number(digits.substr(1)));
}

bool looks_like_flag(std::string_view literal) {
  constexpr std::array<std::string_view, 6> kWords = {"true", "false", "yes", "no", "on", "off"};
  return literal.size() <= 5 && is_one_of(lower(literal), kWords);
}

std::string described(const TextNode& node) {
  switch (node.kind) {
    case TextNode::Kind::kNull:
      return "nothing";
    case TextNode::Kind::kList:
      return "a list";
    case TextNode::Kind::kMap:
      return "a map";
    case TextNode::Kind::kScalar:
      break;
  }
  if (!node.quoted && looks_like_number(node.text)) return "the number " + shown(node.text);
  if (!node.quoted && looks_like_flag(node.text)) return "the plain word " + node.text;
  return "the text \"" + shown(node.text) + "\"";
}

}  // namespace topobathy
