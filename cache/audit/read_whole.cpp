#include "cache/audit/read_whole.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "cache/open_untraced.h"

namespace topobathy {
namespace {

using ReadState = WholeFile::State;

class Descriptor {
 public:
  explicit Descriptor(const std::string& path) : file_(open_untraced(path)) {}
  ~Descriptor() {
    if (file_ >= 0) ::close(file_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const noexcept { return file_; }

 private:
  const int file_;
};

WholeFile failure() {
  if (errno == ENOENT) return {ReadState::kGone, ""};
  return {ReadState::kFailed, std::strerror(errno)};
}

}  // namespace

WholeFile read_whole(const std::string& path, std::size_t limit, Bytes& content) {
  const Descriptor file(path);
  struct stat status;
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) return failure();
  if (!S_ISREG(status.st_mode)) return {ReadState::kGone, ""};  // another thing now
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > limit) return {ReadState::kTooLarge, ""};
  content.resize(size);
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = ::read(file.get(), content.data() + done, size - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure();
    if (got == 0) break;  // cut short meanwhile
    done += static_cast<std::size_t>(got);
  }
  content.resize(done);
  return {};
}

}  // namespace topobathy
