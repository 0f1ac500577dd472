#include "providers/http/http_limits.h"

#include <cpl_conv.h>

#include <charconv>
#include <cstring>
#include <string>

#include "fusion/error.h"
#include "fusion/policy/messages.h"

namespace topobathy {
namespace {

constexpr std::int64_t kLargestFile = std::int64_t{1} << 50;

/// Whole numbers only: fractions of seconds or tries help nobody.
std::int64_t option(const char* name, std::int64_t value, std::int64_t least, std::int64_t most) {
  const char* const text = CPLGetConfigOption(name, nullptr);
  if (text == nullptr) return value;
  const char* const end = text + std::strlen(text);
  const auto [stop, error] = std::from_chars(text, end, value);
  if (error == std::errc() && stop == end && value >= least && value <= most) return value;
  throw Error(ErrorCode::kUsage, std::string(name) + " is \"" + shown(std::string_view(text)) +
                                     "\"; give a whole number from " + std::to_string(least) +
                                     " to " + std::to_string(most));
}

double seconds(const char* name, double value, std::int64_t most) {
  return static_cast<double>(option(name, static_cast<std::int64_t>(value), 1, most));
}

}  // namespace

HttpLimits configured_http_limits() {
  HttpLimits limits;
  limits.attempts = static_cast<int>(option("TOPOBATHY_HTTP_ATTEMPTS", limits.attempts, 1, 20));
  limits.request_seconds = seconds("TOPOBATHY_HTTP_TIMEOUT", limits.request_seconds, 3600);
  limits.download_seconds =
      seconds("TOPOBATHY_HTTP_DOWNLOAD_TIMEOUT", limits.download_seconds, 604800);
  limits.connect_seconds = seconds("TOPOBATHY_HTTP_CONNECT_TIMEOUT", limits.connect_seconds, 300);
  limits.parallel = static_cast<int>(option("TOPOBATHY_HTTP_PARALLEL", limits.parallel, 1, 64));
  limits.max_download = static_cast<std::uint64_t>(
      option("TOPOBATHY_HTTP_MAX_DOWNLOAD", static_cast<std::int64_t>(limits.max_download), 1,
             kLargestFile));
  return limits;
}

}  // namespace topobathy
