#pragma once

namespace topobathy {

/// While it lives, SIGINT and SIGTERM are counted and end nothing; one that came before, while it
/// was blocked, counts too. One at a time in a process.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// Keeps them from ending the process until there is one of these.
  static void hold_back() noexcept;

  static int interrupts() noexcept;    ///< SIGINT so far: the user at the terminal
  static int terminations() noexcept;  ///< SIGTERM so far: another process cancels
  static int count() noexcept { return interrupts() + terminations(); }
};

}  // namespace topobathy
