#include "cache/read_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <ctime>

#include "cache/open_untraced.h"

namespace topobathy {
namespace {

/// How exact the time of last use is.
constexpr std::time_t kUseSeconds = 3600;

class Descriptor {
 public:
  explicit Descriptor(int file) noexcept : file_(file) {}
  ~Descriptor() {
    if (file_ >= 0) ::close(file_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const noexcept { return file_; }

 private:
  int file_;
};

/// Set here, as most disks are mounted so that reading does not say so (noatime), or not always
/// (relatime); and only where what is recorded is old, since it is a write. A file that is not ours
/// or read only stays as it is.
void mark_used(int file, const struct stat& status) noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  if (now.tv_sec - status.st_atim.tv_sec < kUseSeconds) return;
  const timespec times[2] = {now, {0, UTIME_OMIT}};
  ::futimens(file, times);
}

}  // namespace

std::optional<Bytes> read_file(const std::string& path, std::size_t limit, Reading reading) {
  const Descriptor file(open_untraced(path));
  struct stat status;
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) ||
      static_cast<std::uintmax_t>(status.st_size) > limit)
    return std::nullopt;
  Bytes content(static_cast<std::size_t>(status.st_size));
  std::size_t done = 0;
  while (done < content.size()) {
    const ssize_t got = ::read(file.get(), content.data() + done, content.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::nullopt;
    done += static_cast<std::size_t>(got);
  }
  if (reading == Reading::kUse) mark_used(file.get(), status);
  return content;
}

std::string utc_now() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[sizeof "2000-01-01T00:00:00Z"];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

}  // namespace topobathy
