#include "utils/serve/supervisor/supervisor.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <optional>
#include <vector>

#include "fusion/error.h"
#include "utils/exit_status.h"
#include "utils/serve/server/service_log.h"
#include "utils/serve/supervisor/worker_main.h"

namespace topobathy {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kFirstPause = 250ms;
constexpr auto kLongestPause = 10'000ms;
/// A worker that lived so long did not die of how it began.
constexpr auto kLivedWell = 5s;
/// Workers in a row that never answered, when none did: the service cannot be started.
constexpr int kMostStillborn = 5;
/// Beyond the workers' own limit, before they are killed.
constexpr auto kGrace = 3s;

std::string end_text(int status) {
  if (WIFSIGNALED(status))
    return "signal " + std::to_string(WTERMSIG(status)) + " (" + ::strsignal(WTERMSIG(status)) +
           ')';
  return "exit status " + std::to_string(WEXITSTATUS(status));
}

/// One that serves takes SIGTERM for an order: who dies of it served not yet, or no more.
bool ended_well(int status) {
  return (WIFEXITED(status) && WEXITSTATUS(status) == kExitOk) ||
         (WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}

class Supervisor {
 public:
  explicit Supervisor(const SupervisorSetup& setup);
  int run();

 private:
  /// A place among the workers, and who is in it.
  struct Place {
    pid_t pid = -1;
    std::size_t slot = 0;  ///< of its state in the shared memory
    Clock::time_point begun, next_start;
    std::chrono::milliseconds pause = kFirstPause;
  };

  void announce() const;
  std::size_t free_slot() const;
  bool start_missing();
  bool start_worker(std::size_t index);
  void wait_for_signal();
  void bury_dead();
  void take_end(std::size_t index, int status);
  void replace_leaving();
  void end_all(int signal);
  bool all_ended() const;
  bool none_is_ready() const;
  int stop();

  const SupervisorSetup& setup_;
  ListeningSocket socket_;
  SharedStatePointer shared_ = make_shared_state();
  std::vector<Place> places_;
  std::vector<Place> leaving_;  ///< have given up their place
  sigset_t signals_{};
  int stops_ = 0, stillborn_ = 0;
  bool all_well_ = true;
  std::optional<int> worker_status_;  ///< in a worker: the supervisor's part is over
};

Supervisor::Supervisor(const SupervisorSetup& setup)
    : setup_(setup),
      socket_(setup.settings.host, setup.settings.port),
      places_(static_cast<std::size_t>(setup.settings.workers)) {
  ::sigemptyset(&signals_);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGCHLD, kLeavingSignal})
    ::sigaddset(&signals_, signal);
  ::sigprocmask(SIG_BLOCK, &signals_, nullptr);
}

void Supervisor::announce() const {
  log_event(LogLevel::kInfo, "listening",
            {{"url", socket_.url()}, {"workers", setup_.settings.workers}});
  if (socket_.is_loopback() || !setup_.settings.token.empty()) return;
  log_event(LogLevel::kWarning, "no_token",
            {{"message",
              "others can reach this server and there is no token: whatever changes something "
              "(hydrate, purge, policies) is refused; start it with --token-file, or with --host "
              "127.0.0.1"}});
}

/// \returns false in a worker that has ended
bool Supervisor::start_missing() {
  for (std::size_t i = 0; i < places_.size(); ++i)
    if (places_[i].pid < 0 && places_[i].next_start <= Clock::now() && !start_worker(i))
      return false;
  return true;
}

/// One that no living worker writes to: those that leave still do. kMostWorkers: there is none.
std::size_t Supervisor::free_slot() const {
  const auto has = [](const std::vector<Place>& places, std::size_t slot) {
    return std::any_of(places.begin(), places.end(),
                       [&](const Place& place) { return place.pid > 0 && place.slot == slot; });
  };
  std::size_t slot = 0;
  while (slot < kMostWorkers && (has(places_, slot) || has(leaving_, slot)))
    ++slot;
  return slot;
}

bool Supervisor::start_worker(std::size_t index) {
  Place& place = places_[index];
  place.slot = free_slot();
  place.next_start = Clock::now() + kLongestPause;
  if (place.slot == kMostWorkers) return true;
  shared_->workers.at(place.slot).reset();
  const pid_t pid = ::fork();
  if (pid == 0) {
    worker_status_ = run_worker(setup_, socket_, *shared_, place.slot);
    return false;
  }
  place.begun = Clock::now();
  place.pid = pid;
  if (pid > 0) {
    shared_->workers.at(place.slot).pid = pid;
    return true;
  }
  log_event(LogLevel::kError, "fork", {{"reason", std::strerror(errno)}});
  return true;
}

/// Returns when something has happened, or a worker is due to be started.
void Supervisor::wait_for_signal() {
  auto until = Clock::now() + kLongestPause;
  for (const Place& place : places_)
    if (place.pid < 0) until = std::min(until, place.next_start);
  const auto left = std::max<Clock::duration>(until - Clock::now(), 1ms);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
  const timespec time{seconds.count(),
                      std::chrono::duration_cast<std::chrono::nanoseconds>(left - seconds).count()};
  const int signal = ::sigtimedwait(&signals_, nullptr, &time);
  if (signal == SIGTERM || signal == SIGINT || signal == SIGHUP) ++stops_;
}

void Supervisor::bury_dead() {
  int status = 0;
  for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
    const auto gone = std::find_if(leaving_.begin(), leaving_.end(),
                                   [&](const Place& place) { return place.pid == pid; });
    if (gone != leaving_.end()) {
      shared_->workers.at(gone->slot).reset();
      leaving_.erase(gone);
    }
    for (std::size_t i = 0; i < places_.size(); ++i)
      if (places_[i].pid == pid) take_end(i, status);
    if (stops_ > 0 && !ended_well(status)) all_well_ = false;
  }
}

void Supervisor::take_end(std::size_t index, int status) {
  Place& place = places_[index];
  WorkerState& state = shared_->workers.at(place.slot);
  const bool was_due = state.leaving || stops_ > 0;
  const bool lived = Clock::now() - place.begun >= kLivedWell;
  stillborn_ = state.ready ? 0 : stillborn_ + 1;
  place.pause = lived || was_due ? std::chrono::milliseconds(kFirstPause) : place.pause;
  // The first death of a worker that has answered costs no time.
  const auto pause = was_due || (state.ready && lived) ? 0ms : place.pause;
  if (!was_due) {
    ++shared_->workers_crashed;
    place.pause = std::min<std::chrono::milliseconds>(place.pause * 2, kLongestPause);
    log_event(LogLevel::kError, "worker_died",
              {{"worker", place.slot + 1},
               {"worker_pid", place.pid},
               {"how", end_text(status)},
               {"next_in_ms", pause.count()}});
  }
  place.next_start = Clock::now() + pause;
  place.pid = -1;
  state.reset();
}

/// One that accepts no more connections keeps on answering those it has; its place is for another.
void Supervisor::replace_leaving() {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    if (places_[i].pid < 0 || !shared_->workers.at(places_[i].slot).leaving) continue;
    leaving_.push_back(places_[i]);
    ++shared_->workers_recycled;
    stillborn_ = 0;
    places_[i] = Place();
  }
}

void Supervisor::end_all(int signal) {
  for (const Place& place : places_)
    if (place.pid > 0) ::kill(place.pid, signal);
  for (const Place& place : leaving_)
    ::kill(place.pid, signal);
}

bool Supervisor::all_ended() const {
  return leaving_.empty() && std::all_of(places_.begin(), places_.end(),
                                         [](const Place& place) { return place.pid < 0; });
}

bool Supervisor::none_is_ready() const {
  return std::none_of(shared_->workers.begin(), shared_->workers.end(),
                      [](const WorkerState& worker) { return worker.ready.load(); });
}

int Supervisor::stop() {
  log_event(LogLevel::kInfo, "stopping");
  socket_.close();
  end_all(SIGTERM);
  const auto deadline = Clock::now() + setup_.times.leave + kGrace;
  for (;;) {
    bury_dead();
    if (all_ended()) break;
    if (stops_ > 1 || Clock::now() >= deadline) {
      all_well_ = false;
      end_all(SIGKILL);
    }
    const timespec time{0, 200'000'000};
    const int signal = ::sigtimedwait(&signals_, nullptr, &time);
    if (signal == SIGTERM || signal == SIGINT) ++stops_;
  }
  log_event(LogLevel::kInfo, "stopped");
  return all_well_ ? kExitOk : kExitFailure;
}

int Supervisor::run() {
  announce();
  while (stops_ == 0) {
    if (!start_missing()) return *worker_status_;
    wait_for_signal();
    replace_leaving();
    bury_dead();
    if (stillborn_ >= kMostStillborn && none_is_ready()) {
      log_event(LogLevel::kError, "gave_up", {{"reason", "no worker could be started"}});
      all_well_ = false;
      break;
    }
  }
  return stop();
}

}  // namespace

int run_supervisor(const SupervisorSetup& setup) {
  return Supervisor(setup).run();
}

}  // namespace topobathy
