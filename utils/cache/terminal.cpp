#include "utils/cache/terminal.h"

#include <signal.h>
#include <unistd.h>

#include <iostream>

namespace topobathy {
namespace {

volatile sig_atomic_t interrupted = 0;

/// While it lives, Ctrl-C ends a read() and nothing else.
class CatchInterrupt {
 public:
  CatchInterrupt() {
    interrupted = 0;
    struct sigaction action = {};
    action.sa_handler = [](int) { interrupted = 1; };
    ::sigemptyset(&action.sa_mask);
    ::sigaction(SIGINT, &action, &before_);  // without SA_RESTART
  }
  ~CatchInterrupt() { ::sigaction(SIGINT, &before_, nullptr); }
  CatchInterrupt(const CatchInterrupt&) = delete;
  CatchInterrupt& operator=(const CatchInterrupt&) = delete;

 private:
  struct sigaction before_;
};

}  // namespace

bool can_ask() noexcept {
  return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1;
}

std::optional<std::string> ask(const std::string& question) {
  const CatchInterrupt caught;
  std::cerr << question << std::flush;
  std::string line;
  char c = 0;
  while (interrupted == 0 && ::read(STDIN_FILENO, &c, 1) == 1) {
    if (c == '\n') return line;
    line += c;
  }
  std::cerr << '\n';
  return std::nullopt;
}

}  // namespace topobathy
