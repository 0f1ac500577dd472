#include "utils/hydrate/stop_signals.h"

#include <atomic>
#include <csignal>

namespace topobathy {
namespace {

std::atomic<int> interrupted{0};
std::atomic<int> terminated{0};

void note(int number) {
  ++(number == SIGINT ? interrupted : terminated);
}

/// Without SA_RESTART: who waits for input is woken.
void handle(int number, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  ::sigaction(number, &action, nullptr);
}

/// SIG_BLOCK or SIG_UNBLOCK.
void block(int how) noexcept {
  sigset_t both;
  ::sigemptyset(&both);
  ::sigaddset(&both, SIGINT);
  ::sigaddset(&both, SIGTERM);
  ::pthread_sigmask(how, &both, nullptr);
}

}  // namespace

StopSignals::StopSignals() {
  interrupted = terminated = 0;
  handle(SIGINT, note);
  handle(SIGTERM, note);
  block(SIG_UNBLOCK);
}

void StopSignals::hold_back() noexcept {
  block(SIG_BLOCK);
}

StopSignals::~StopSignals() {
  handle(SIGINT, SIG_DFL);
  handle(SIGTERM, SIG_DFL);
}

int StopSignals::interrupts() noexcept {
  return interrupted;
}

int StopSignals::terminations() noexcept {
  return terminated;
}

}  // namespace topobathy
