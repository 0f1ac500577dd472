#include "utils/hydrate/worker_pool.h"

#include <poll.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "fusion/error.h"
#include "utils/hydrate/worker_greeting.h"

namespace topobathy {
namespace {

/// Units a worker is given at once: one in its hand and one so that it need not wait.
constexpr std::size_t kGiven = 2;
constexpr int kPollMilliseconds = 200;
/// Workers in a row that may fail to start: not the first, as memory may be short for a moment.
constexpr int kMostStillborn = 3;

}  // namespace

struct WorkerPool::Worker {
  explicit Worker(const std::vector<std::string>& command) : process(command) {}

  WorkerProcess process;
  std::deque<std::string> units;  ///< the first is in its hand
  bool ready = false;
  bool ended = false;
  bool too_large = false;  ///< was killed for its memory
};

WorkerPool::WorkerPool(Setup setup) : setup_(std::move(setup)) {}
WorkerPool::~WorkerPool() = default;

std::optional<std::string> WorkerPool::take_unit(const Next& next) {
  if (!again_.empty()) {
    std::string unit = std::move(again_.front());
    again_.pop_front();
    return unit;
  }
  if (at_end_) return std::nullopt;
  auto unit = next();
  at_end_ = !unit;
  return unit;
}

/// As many workers as there are units for.
void WorkerPool::start_missing(const Next& next) {
  while (!finishing_ && workers_.size() < setup_.workers) {
    auto unit = take_unit(next);
    if (!unit) return;
    workers_.push_back(std::make_unique<Worker>(setup_.command));
    workers_.back()->units.push_back(*unit);
    workers_.back()->process.send(*unit);
  }
}

void WorkerPool::feed(Worker& worker, const Next& next) {
  while (!finishing_ && !worker.ended && worker.units.size() < kGiven) {
    auto unit = take_unit(next);
    if (!unit) break;
    worker.process.send(*unit);
    worker.units.push_back(*std::move(unit));
  }
  if (worker.units.empty()) worker.process.end_input();
}

void WorkerPool::wait_for_lines() const {
  std::vector<pollfd> files;
  for (const auto& worker : workers_)
    files.push_back({worker->process.output(), POLLIN, 0});
  ::poll(files.data(), files.size(), kPollMilliseconds);
}

void WorkerPool::hear(Worker& worker, const Sink& sink) {
  for (const std::string& line : worker.process.take_lines(worker.ended)) {
    if (!worker.ready) {
      if (line != setup_.greeting)
        throw Error(ErrorCode::kPolicy,
                    "the policy has been changed while cells of it were made: "
                    "run the command again");
      worker.ready = true;
      stillborn_ = 0;
      continue;
    }
    if (worker.units.empty())
      throw Error(ErrorCode::kInternal, "a worker answers what it was not asked: " + line);
    const UnitResult result = result_of_line(line);
    const std::string unit = std::move(worker.units.front());
    worker.units.pop_front();
    sink(unit, result);
  }
}

/// A worker that has ended: the unit in its hand has failed, others are given to another one. One
/// that ended as it should (it was asked to, or lacks memory) has none in its hand.
void WorkerPool::bury(Worker& worker, const Sink& sink) {
  const std::string how = worker.process.wait();
  const bool well = how == kEndedWell;
  if (!worker.ready && ++stillborn_ == kMostStillborn)
    throw Error(ErrorCode::kInternal,
                "workers end before they have begun: " + how + "; see what they say above");
  if (worker.units.empty() || finishing_) return;
  if (worker.ready && !well) {
    const std::string unit = std::move(worker.units.front());
    worker.units.pop_front();
    sink(unit,
         {UnitResult::Outcome::kFailed, "",
          worker.too_large ? out_of_memory_reason(setup_.memory) : "its worker ended with " + how});
  }
  again_.insert(again_.begin(), worker.units.begin(), worker.units.end());
}

void WorkerPool::watch_memory() {
  if (setup_.memory == 0) return;
  for (const auto& worker : workers_) {
    if (worker->process.memory() <= setup_.memory) continue;
    worker->too_large = true;
    worker->process.signal(SIGKILL);
  }
}

/// Workers finish what is in their hands and forget the rest.
void WorkerPool::finish() {
  finishing_ = true;
  for (const auto& worker : workers_) {
    worker->process.signal(SIGTERM);
    worker->process.end_input();
  }
}

void WorkerPool::run(const Next& next, const Sink& sink, const Ask& ask) {
  start_missing(next);
  while (!workers_.empty()) {
    wait_for_lines();
    for (const auto& worker : workers_) {
      hear(*worker, sink);
      if (!worker->ended) feed(*worker, next);
    }
    for (const auto& worker : workers_)
      if (worker->ended) bury(*worker, sink);
    workers_.erase(std::remove_if(workers_.begin(), workers_.end(),
                                  [](const auto& worker) { return worker->ended; }),
                   workers_.end());
    watch_memory();
    const Order order = ask();
    if (order == Order::kAbort) return workers_.clear();
    if (order == Order::kFinish && !finishing_) finish();
    start_missing(next);
  }
}

}  // namespace topobathy
