#include "utils/cache/parse_amount.h"

#include <array>
#include <cctype>
#include <charconv>
#include <cmath>

#include "fusion/error.h"

namespace topobathy {
namespace {

struct Unit {
  const char* name;  ///< lower case
  double factor;
};

constexpr std::array<Unit, 14> kSizes = {{{"", 1},
                                          {"b", 1},
                                          {"k", 1e3},
                                          {"kb", 1e3},
                                          {"m", 1e6},
                                          {"mb", 1e6},
                                          {"g", 1e9},
                                          {"gb", 1e9},
                                          {"t", 1e12},
                                          {"tb", 1e12},
                                          {"kib", 1024.0},
                                          {"mib", 1048576.0},
                                          {"gib", 1073741824.0},
                                          {"tib", 1099511627776.0}}};
constexpr std::array<Unit, 5> kAges = {
    {{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}, {"w", 604800}}};

std::string lower(std::string text) {
  for (char& c : text)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// The amount in the smallest unit; negative when the text is none.
template <std::size_t kCount>
double amount(const std::string& text, const std::array<Unit, kCount>& units) {
  double number = 0.0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  if (read.ec != std::errc() || !std::isfinite(number) || number < 0) return -1.0;
  std::string unit = lower(std::string(read.ptr, end));
  unit.erase(0, unit.find_first_not_of(' '));
  for (const Unit& known : units)
    if (unit == known.name) return number * known.factor;
  return -1.0;
}

}  // namespace

std::uint64_t parse_size(const std::string& option, const std::string& text) {
  constexpr double kLargest = 1e18;
  const double bytes = amount(text, kSizes);
  if (bytes < 0 || bytes > kLargest)
    throw Error(ErrorCode::kUsage, option + " " + text +
                                       ": is no size; write a number and KB, MB, GB or TB (powers "
                                       "of 1000), or KiB, MiB, GiB or TiB (of 1024)");
  return static_cast<std::uint64_t>(std::llround(bytes));
}

double parse_age(const std::string& option, const std::string& text) {
  constexpr double kLargest = 3e9;  // a century
  const double seconds = amount(text, kAges);
  if (seconds < 0 || seconds > kLargest)
    throw Error(ErrorCode::kUsage,
                option + " " + text + ": is no age; write a number and s, m, h, d or w, as in 30d");
  return seconds;
}

}  // namespace topobathy
