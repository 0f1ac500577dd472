#include "utils/serve/server/service_log.h"

#include <cpl_error.h>
#include <spdlog/fmt/chrono.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>

#include "fusion/error.h"

namespace topobathy {
namespace {

using nlohmann::ordered_json;

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      break;
  }
  return spdlog::level::err;
}

const char* level_name(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      break;
  }
  return "error";
}

/// Written at once and by the caller: a process that dies has said what it had to say.
spdlog::logger& json_logger() {
  static const auto logger = [] {
    auto made = std::make_shared<spdlog::logger>("service",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    return made;
  }();
  return *logger;
}

std::string time_of_log() {
  const auto now = std::chrono::system_clock::now();
  return fmt::format(
      "{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(now)),
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000);
}

void CPL_STDCALL log_gdal(CPLErr severity, CPLErrorNum number, const char* message) {
  const ordered_json facts{{"number", number}, {"message", printable(message)}};
  if (severity == CE_Fatal)
    log_event(LogLevel::kError, "gdal", facts);
  else
    log_event(severity == CE_Warning ? LogLevel::kWarning : LogLevel::kDebug, "gdal", facts);
}

bool may_be_secret(const std::string& name) {
  constexpr std::array<const char*, 5> kWords = {"token", "key", "secret", "password", "auth"};
  std::string lower = name;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](const char* word) { return lower.find(word) != std::string::npos; });
}

}  // namespace

void log_event(LogLevel level, const char* event, const ordered_json& facts) {
  spdlog::logger& logger = json_logger();
  if (!logger.should_log(spdlog_level(level))) return;
  ordered_json line{
      {"time", time_of_log()}, {"level", level_name(level)}, {"event", event}, {"pid", ::getpid()}};
  if (facts.is_object()) line.update(facts);
  logger.log(spdlog_level(level),
             line.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
}

void set_log_level(LogLevel level) {
  json_logger().set_level(spdlog_level(level));
}

LoggedGdalMessages::LoggedGdalMessages() : before_(CPLSetErrorHandler(log_gdal)) {}

LoggedGdalMessages::~LoggedGdalMessages() {
  CPLSetErrorHandler(before_);
}

ordered_json logged_query(const std::map<std::string, std::string>& query) {
  constexpr std::size_t kLongest = 100;
  ordered_json logged = ordered_json::object();
  for (const auto& [name, value] : query) {
    const bool shown = !may_be_secret(name) && name.size() <= kLongest && value.size() <= kLongest;
    logged[name.substr(0, kLongest)] = shown ? value : "...";
  }
  return logged;
}

}  // namespace topobathy
