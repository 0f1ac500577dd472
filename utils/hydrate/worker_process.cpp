#include "utils/hydrate/worker_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <utility>

#include "fusion/error.h"

extern char** environ;

namespace topobathy {
namespace {

[[noreturn]] void fail(const std::string& what, int error) {
  throw Error(ErrorCode::kInternal,
              "a worker cannot be started: " + what + ": " + std::strerror(error));
}

struct Pipe {
  int read = -1, write = -1;
};

/// Closed in every program that is started, unless it is made one of its standard streams.
Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe", errno);
  return {ends[0], ends[1]};
}

/// Signals of the parent's own handling are the child's to set anew.
class SpawnSettings {
 public:
  SpawnSettings(int input, int output) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
  }
  ~SpawnSettings() { ::posix_spawn_file_actions_destroy(&actions_); }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  const posix_spawn_file_actions_t* actions() const noexcept { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

pid_t spawn(const std::vector<std::string>& command, int input, int output) {
  std::vector<char*> arguments;
  for (const std::string& word : command)
    arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const SpawnSettings settings(input, output);
  pid_t pid = -1;
  const int error = ::posix_spawn(&pid, command.front().c_str(), settings.actions(), nullptr,
                                  arguments.data(), environ);
  if (error != 0) fail(command.front(), error);
  return pid;
}

}  // namespace

WorkerProcess::WorkerProcess(const std::vector<std::string>& command) {
  const Pipe to_child = make_pipe(), from_child = make_pipe();
  pid_ = spawn(command, to_child.read, from_child.write);
  ::close(to_child.read);
  ::close(from_child.write);
  input_ = to_child.write;
  output_ = from_child.read;
  ::fcntl(output_, F_SETFL, O_NONBLOCK);
}

WorkerProcess::~WorkerProcess() {
  end_input();
  ::close(output_);
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void WorkerProcess::send(const std::string& line) {
  const std::string text = line + '\n';
  std::size_t done = 0;
  // A pipe holds some hundred lines, a child is given a few: this does not wait. SIGPIPE is ignored
  // by the program: a dead child is seen by who reads its output.
  while (done < text.size()) {
    const ssize_t written = ::write(input_, text.data() + done, text.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    done += static_cast<std::size_t>(written);
  }
}

void WorkerProcess::end_input() {
  if (input_ >= 0) ::close(std::exchange(input_, -1));
}

void WorkerProcess::signal(int number) const {
  if (pid_ > 0) ::kill(pid_, number);
}

std::vector<std::string> WorkerProcess::take_lines(bool& ended) {
  ended = false;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t size = ::read(output_, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    ended = size == 0 || (size < 0 && errno != EAGAIN);
    if (size <= 0) break;
    unfinished_.append(buffer.data(), static_cast<std::size_t>(size));
  }
  std::vector<std::string> lines;
  for (std::size_t end = 0; (end = unfinished_.find('\n')) != std::string::npos;) {
    lines.push_back(unfinished_.substr(0, end));
    unfinished_.erase(0, end + 1);
  }
  return lines;
}

std::uint64_t WorkerProcess::memory() const {
  // Pages of files are the kernel's to drop.
  std::ifstream file("/proc/" + std::to_string(pid_) + "/statm");
  std::uint64_t size = 0, resident = 0, shared = 0;
  if (!(file >> size >> resident >> shared) || shared > resident) return 0;
  return (resident - shared) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::string WorkerProcess::wait() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  if (WIFSIGNALED(status))
    return "signal " + std::to_string(WTERMSIG(status)) + " (" + ::strsignal(WTERMSIG(status)) +
           ")";
  return "exit status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace topobathy
