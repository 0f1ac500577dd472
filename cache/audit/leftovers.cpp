#include "cache/audit/leftovers.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <regex>
#include <system_error>

#include "cache/process_state.h"

namespace topobathy {
namespace {

namespace fs = std::filesystem;

/// An open lock file.
class LockFile {
 public:
  explicit LockFile(const std::string& path)
      : path_(path), file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)) {}
  ~LockFile() {
    if (file_ >= 0) ::close(file_);
  }
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;

  enum class Answer { kFree, kHeld, kUnknown };
  /// Free: it is ours until this object goes.
  Answer try_lock() const noexcept {
    if (file_ < 0) return Answer::kUnknown;
    if (::flock(file_, LOCK_EX | LOCK_NB) == 0) return Answer::kFree;
    return errno == EWOULDBLOCK ? Answer::kHeld : Answer::kUnknown;
  }
  bool is_current() const noexcept {
    struct stat mine, named;
    return ::fstat(file_, &mine) == 0 && ::lstat(path_.c_str(), &named) == 0 &&
           mine.st_dev == named.st_dev && mine.st_ino == named.st_ino;
  }

 private:
  const std::string path_;
  const int file_;
};

bool is_local(const std::string& path) noexcept {
  // statfs(2): NFS, SMB, CIFS, SMB2, 9P, Ceph, FUSE (sshfs and the like), AFS.
  constexpr std::array<unsigned, 8> kNetwork = {0x6969,     0x517B,     0xFF534D42, 0xFE534D42,
                                                0x01021997, 0x00C36400, 0x65735546, 0x5346414F};
  struct statfs status;
  if (::statfs(path.c_str(), &status) != 0) return false;
  for (const unsigned network : kNetwork)
    if (static_cast<unsigned>(status.f_type) == network) return false;
  return true;
}

/// The process that a temporary name tells.
std::optional<pid_t> writer_of(const std::string& name) {
  static const std::regex forms(
      R"(^\.tmp-(\d{1,9})-\d+$|^\.part-[0-9a-f]{16}-u(\d{1,9})-\d+$|\.tmp(\d{1,9})-\d+$)");
  std::smatch match;
  if (!std::regex_search(name, match, forms)) return std::nullopt;
  for (std::size_t group = 1; group < match.size(); ++group)
    if (match[group].matched) return static_cast<pid_t>(std::stol(match[group]));
  return std::nullopt;
}

/// A process that started after the file was last written has but got the number of its writer.
bool lives(pid_t writer, const FileIdentity& file) {
  constexpr std::int64_t kSlack = 2'000'000'000;  // clocks of the kernel are not one
  const auto start = process_start_time(writer);
  return start && *start <= file.modified + kSlack;
}

/// Downloads lock their file below its folder; which lock is whose cannot be told from outside.
bool is_lock_held_near(const std::string& path) {
  std::error_code failed;
  const fs::path folder = fs::path(path).parent_path() / ".locks";
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end;
       entry.increment(failed))
    if (LockFile(entry->path().string()).try_lock() == LockFile::Answer::kHeld) return true;
  return false;
}

std::string seconds_text(double seconds) {
  char text[48];
  std::snprintf(text, sizeof text, "%.0f s", seconds);
  return text;
}

}  // namespace

std::string stale_lock(const std::string& path, const FileIdentity& file,
                       const LeftoverRules& rules) {
  const double age = age_seconds(file);
  if (age < rules.shortest()) return "";
  const LockFile lock(path);
  switch (lock.try_lock()) {
    case LockFile::Answer::kHeld:
      return "";
    case LockFile::Answer::kFree:
      return "nobody holds it: its process has ended";
    case LockFile::Answer::kUnknown:
      break;
  }
  return age < rules.timeout ? "" : "nobody has touched it for " + seconds_text(age);
}

bool remove_stale_lock(const std::string& path, const LeftoverRules& rules) {
  const auto file = file_identity(path);
  if (!file) return true;
  const LockFile lock(path);
  const auto answer = lock.try_lock();
  if (answer == LockFile::Answer::kHeld || age_seconds(*file) < rules.shortest()) return false;
  if (answer == LockFile::Answer::kFree && !lock.is_current()) return true;
  if (answer == LockFile::Answer::kUnknown && age_seconds(*file) < rules.timeout) return false;
  return ::unlink(path.c_str()) == 0 || errno == ENOENT;
}

std::string stale_temporary(const std::string& path, const FileIdentity& file,
                            const LeftoverRules& rules) {
  const double age = age_seconds(file);
  if (age < rules.shortest()) return "";
  const auto writer = writer_of(fs::path(path).filename().string());
  if (writer && can_see_processes() && is_local(path))
    return lives(*writer, file) ? "" : "its process " + std::to_string(*writer) + " has ended";
  if (age < rules.timeout || is_lock_held_near(path)) return "";
  return "nobody has written it for " + seconds_text(age);
}

bool is_temporary_file_name(const std::string& name) {
  // Of millions of names nearly all end here.
  if (name.find("tmp") == std::string::npos && name.front() != '.' && name.front() != '_')
    return false;
  static const std::regex forms(
      R"(^\.tmp|^\.part-[0-9a-f]{16}-|^__temp__|\.tmp\d+-\d+(\.aux\.xml)?$|\.json\.tmp$)");
  return std::regex_search(name, forms);
}

std::string database_of_journal(const std::string& path) {
  for (const char* end : {"-journal", "-wal", "-shm"}) {
    const std::string suffix = end;
    if (path.size() > suffix.size() &&
        path.compare(path.size() - suffix.size(), suffix.size(), suffix) == 0)
      return path.substr(0, path.size() - suffix.size());
  }
  return "";
}

}  // namespace topobathy
