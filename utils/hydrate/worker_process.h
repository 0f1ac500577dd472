#pragma once

#include <sys/types.h>

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace topobathy {

constexpr char kEndedWell[] = "exit status 0";

/// A child process that is given lines on its standard input and answers with lines on its standard
/// output. It ends when its input ends: no child outlives its parent for longer than the unit in
/// its hand. Not thread-safe.
class WorkerProcess {
 public:
  /// \param command program (a path) and arguments  \throws Error(kInternal): it cannot be started
  explicit WorkerProcess(const std::vector<std::string>& command);
  /// Kills the child if it still runs.
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  /// Readable when the child has said something or has ended.
  int output() const noexcept { return output_; }
  pid_t pid() const noexcept { return pid_; }
  /// A child that has ended takes nothing; the lines it was given are then without an answer.
  void send(const std::string& line);
  /// No more lines will come; the child ends when it has answered those it has.
  void end_input();
  void signal(int number) const;
  /// The whole lines that have arrived. Never waits. \param[out] ended no more will come
  std::vector<std::string> take_lines(bool& ended);
  /// Memory of its own that the child holds in RAM, bytes; 0 where nobody can tell.
  std::uint64_t memory() const;
  /// Waits for its end. \returns how it ended: kEndedWell, "exit status 3", "signal 9 (Killed)"
  std::string wait();

 private:
  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  std::string unfinished_;  ///< line
};

}  // namespace topobathy
