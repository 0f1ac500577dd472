#pragma once

namespace topobathy {

/// While it lives, SIGINT and SIGTERM are counted and end nothing. One at a time in a process.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  static int interrupts() noexcept;    ///< SIGINT so far: the user at the terminal
  static int terminations() noexcept;  ///< SIGTERM so far: another process cancels
  static int count() noexcept { return interrupts() + terminations(); }
};

}  // namespace topobathy
