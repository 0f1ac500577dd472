#include "utils/serve/fuse/temporary_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <random>
#include <system_error>

#include "providers/object_store/cache_place.h"
#include "utils/serve/http_error.h"

namespace topobathy {
namespace {

namespace fs = std::filesystem;

/// As cache/atomic_file.h names what is in the making.
std::string random_name() {
  std::random_device device;
  const std::uint64_t random = (static_cast<std::uint64_t>(device()) << 32) | device();
  return ".tmp-" + std::to_string(::getpid()) + "-" + std::to_string(random);
}

[[noreturn]] void fail_to_write() {
  throw HttpError(503, "the server cannot write the answer: its disk may be full; try again later",
                  60);
}

}  // namespace

TemporaryFile::TemporaryFile(const std::string& folder) : folder_(folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  path_ = folder + "/" + random_name();
  const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) fail_to_write();
  ::close(file);
}

TemporaryFile::~TemporaryFile() {
  ::unlink(path_.c_str());
  ::unlink((path_ + ".aux.xml").c_str());
}

std::string TemporaryFile::link() const {
  const std::string name = folder_ + "/" + random_name();
  std::error_code failed;
  if (::link(path_.c_str(), name.c_str()) == 0) return name;
  fs::copy_file(path_, name, failed);  // some file systems have no links
  if (!failed) return name;
  ::unlink(name.c_str());
  fail_to_write();
}

std::string answers_folder(const OpenRequest& request) {
  if (request.cache == CacheMode::kReadWrite)
    return cache_place(request.cache_dir.empty() ? default_cache_root() : request.cache_dir)
               .folder +
           "/answers";
  std::error_code failed;
  return fs::temp_directory_path(failed).string();
}

}  // namespace topobathy
