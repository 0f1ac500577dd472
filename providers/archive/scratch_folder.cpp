#include "providers/archive/scratch_folder.h"

#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <system_error>

#include "fusion/error.h"

namespace topobathy {
namespace {

class Scratch {
 public:
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty() && owner_ == ::getpid()) std::filesystem::remove_all(path_, ignored);
  }

  std::string path() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (path_.empty() || owner_ != ::getpid()) make();
    return path_;
  }

 private:
  void make() {
    std::error_code failure;
    const auto parent = std::filesystem::temp_directory_path(failure);
    std::string name = ((failure ? "/tmp" : parent) / "topobathy-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
      throw Error(ErrorCode::kCache, "cannot make " + name + ": " + std::strerror(errno) +
                                         "; name a folder that can be written in TMPDIR");
    path_ = name;
    owner_ = ::getpid();
  }

  std::mutex mutex_;
  std::string path_;
  pid_t owner_ = 0;
};

}  // namespace

std::string scratch_folder() {
  static Scratch scratch;
  return scratch.path();
}

}  // namespace topobathy
