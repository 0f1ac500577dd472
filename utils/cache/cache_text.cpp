#include "utils/cache/cache_text.h"

#include <cstdio>
#include <ctime>
#include <iostream>

#include "utils/byte_text.h"

namespace topobathy {
namespace {

constexpr std::int64_t kSecond = 1000000000;
constexpr double kMinute = 60, kHour = 3600, kDay = 86400;  // seconds

}  // namespace

std::string age_text(std::int64_t time) {
  if (time == 0) return "";
  const double seconds =
      static_cast<double>(std::time(nullptr)) - static_cast<double>(time / kSecond);
  char text[40];
  if (seconds >= kDay)
    std::snprintf(text, sizeof text, "%.1f d ago", seconds / kDay);
  else if (seconds >= kHour)
    std::snprintf(text, sizeof text, "%.1f h ago", seconds / kHour);
  else if (seconds >= kMinute)
    std::snprintf(text, sizeof text, "%.0f m ago", seconds / kMinute);
  else
    std::snprintf(text, sizeof text, "%.0f s ago", seconds > 0 ? seconds : 0.0);
  return text;
}

std::string utc_text(std::int64_t time) {
  if (time == 0) return "";
  const std::time_t seconds = time / kSecond;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[sizeof "2000-01-01T00:00:00Z"];
  return std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0 ? "" : text;
}

std::string count_text(std::uint64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string size_text(std::uint64_t bytes) {
  return byte_text(static_cast<std::int64_t>(bytes));
}

bool tell_unread(const WalkResult& walk, const std::string& root) {
  for (const WalkTrouble& trouble : walk.unread)
    std::cerr << "topobathy: cannot read " << root << (trouble.path.empty() ? "" : "/")
              << trouble.path << ": " << trouble.why << "; what is in it is not counted\n";
  if (walk.unread_count > walk.unread.size())
    std::cerr << "topobathy: " << walk.unread_count - walk.unread.size()
              << " more folders cannot be read\n";
  return walk.unread_count > 0;
}

}  // namespace topobathy
