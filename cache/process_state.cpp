#include "cache/process_state.h"

#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

namespace topobathy {
namespace {

/// /proc/<pid>/stat behind the command, which may hold blanks and parentheses.
std::string fields_behind_name(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const std::size_t end = text.rfind(')');
  return end == std::string::npos ? "" : text.substr(end + 1);
}

/// Seconds since 1970 when the machine started.
std::int64_t boot_time() {
  std::ifstream file("/proc/stat");
  std::string word;
  while (file >> word) {
    std::int64_t seconds = 0;
    if (word == "btime" && file >> seconds) return seconds;
  }
  return 0;
}

}  // namespace

std::optional<std::uint64_t> process_start_ticks(pid_t process) {
  std::istringstream fields(fields_behind_name(process));
  std::string state, skipped;
  if (!(fields >> state) || state == "Z" || state == "X") return std::nullopt;
  constexpr int kState = 3, kStart = 22;
  for (int field = kState + 1; field < kStart; ++field)
    fields >> skipped;
  std::uint64_t ticks = 0;
  if (!(fields >> ticks)) return std::nullopt;
  return ticks;
}

std::optional<std::int64_t> process_start_time(pid_t process) {
  const auto ticks = process_start_ticks(process);
  if (!ticks) return std::nullopt;
  static const std::int64_t boot = boot_time();
  static const auto per_second = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  const auto since = static_cast<std::int64_t>(*ticks * (1'000'000'000u / per_second));
  return boot * kNanoseconds + since;
}

bool can_see_processes() noexcept {
  return ::access("/proc/self/stat", R_OK) == 0;
}

}  // namespace topobathy
