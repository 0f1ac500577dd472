#pragma once

#include <cpl_error.h>

#include <map>
#include <string>

#include <nlohmann/json.hpp>

namespace topobathy {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

/// Lines of JSON on standard error, one write each, so that those of several processes do not mix:
/// time, level, event, pid, then the facts. Thread-safe.
void log_event(LogLevel level, const char* event, const nlohmann::ordered_json& facts = {});

/// Below it nothing is written; kInfo at the beginning.
void set_log_level(LogLevel level);

/// While it lives, what GDAL says on any thread is logged: warnings as such, failures (which reach
/// the client by the error they cause) as debug.
class LoggedGdalMessages {
 public:
  LoggedGdalMessages();
  ~LoggedGdalMessages();
  LoggedGdalMessages(const LoggedGdalMessages&) = delete;
  LoggedGdalMessages& operator=(const LoggedGdalMessages&) = delete;

 private:
  CPLErrorHandler before_;
};

/// A query as the log has it: what may be secret or long is left out.
nlohmann::ordered_json logged_query(const std::map<std::string, std::string>& query);

}  // namespace topobathy
