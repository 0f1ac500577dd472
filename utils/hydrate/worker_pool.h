#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "utils/hydrate/unit_result.h"
#include "utils/hydrate/worker_process.h"

namespace topobathy {

/// Gives units to worker processes. A worker that dies fails the unit in its hand and no other: a
/// new one takes its place. Not thread-safe.
class WorkerPool {
 public:
  struct Setup {
    std::vector<std::string> command;  ///< of a worker
    std::size_t workers = 1;
    std::uint64_t memory = 0;  ///< bytes a worker may hold before it is killed; 0 = no limit
    std::string greeting;      ///< the line that a worker begins with; another one is an error
  };
  /// The next unit as a line, nothing at the end.
  using Next = std::function<std::optional<std::string>()>;
  /// Told of each unit and what came of it.
  using Sink = std::function<void(const std::string& unit, const UnitResult& result)>;
  /// What to do now; asked a few times a second.
  enum class Order { kGoOn, kFinish, kAbort };
  using Ask = std::function<Order()>;

  explicit WorkerPool(Setup setup);
  ~WorkerPool();

  /// Until all units are done, or until it is told to finish (units in hand are still finished) or
  /// to abort. \throws Error: workers cannot be started, or see another policy
  void run(const Next& next, const Sink& sink, const Ask& ask);

 private:
  struct Worker;
  void start_missing(const Next& next);
  std::optional<std::string> take_unit(const Next& next);
  void feed(Worker& worker, const Next& next);
  void wait_for_lines() const;
  void hear(Worker& worker, const Sink& sink);
  void bury(Worker& worker, const Sink& sink);
  void watch_memory();
  void finish();

  const Setup setup_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::deque<std::string> again_;  ///< units that a dead worker had not begun
  bool at_end_ = false;
  bool finishing_ = false;
  int stillborn_ = 0;  ///< workers in a row that ended before they were ready
};

}  // namespace topobathy
