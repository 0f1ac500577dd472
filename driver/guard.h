#pragma once

#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <cpl_error.h>

namespace topobathy {

/// While it lives, GDAL errors raised on this thread go to the debug log only and the thread's last
/// error stays as it was: what fails below reaches the caller as one exception, so GDAL must not
/// report it a first time. Warnings are passed on at the end.
class QuietFailures {
 public:
  QuietFailures();
  ~QuietFailures();
  QuietFailures(const QuietFailures&) = delete;
  QuietFailures& operator=(const QuietFailures&) = delete;

 private:
  static void CPL_STDCALL sort(CPLErr severity, CPLErrorNum number, const char* message);

  std::vector<std::pair<CPLErrorNum, std::string>> warnings_;
  std::optional<CPLErrorStateBackuper> state_;
};

/// Turns the exception into the one CPLError that a caller of GDAL sees.
void report_exception(const std::exception& exception) noexcept;
/// The same for what is not a std::exception.
void report_unknown_exception() noexcept;

/// Runs `body` at the edge to GDAL: nothing is thrown through it, a failure is one CPLError and
/// `on_failure`.
template <class Result, class Body>
Result guarded(Result on_failure, Body&& body) noexcept {
  try {
    const QuietFailures quiet;
    return std::forward<Body>(body)();
  } catch (const std::exception& exception) {
    report_exception(exception);
  } catch (...) {
    report_unknown_exception();
  }
  return on_failure;
}

}  // namespace topobathy
