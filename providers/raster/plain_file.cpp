#include "providers/raster/plain_file.h"

#include <algorithm>
#include <cerrno>
#include <list>
#include <mutex>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "providers/raster/tuning.h"

namespace topobathy {
namespace {

struct OpenFile {
  std::string path;
  FileStamp stamp;
  std::shared_ptr<const PlainFile> file;
};

struct OpenFiles {
  std::mutex mutex;
  std::list<OpenFile> files;  ///< the latest first
};

/// Never destroyed, like the other pools.
OpenFiles& open_files() {
  static OpenFiles& files = *new OpenFiles;
  return files;
}

std::shared_ptr<const PlainFile> find_open(OpenFiles& open, const std::string& path,
                                           const FileStamp& stamp) {
  const auto found =
      std::find_if(open.files.begin(), open.files.end(), [&](const OpenFile& candidate) {
        return candidate.path == path && candidate.stamp == stamp;
      });
  if (found == open.files.end()) return nullptr;
  open.files.splice(open.files.begin(), open.files, found);
  return found->file;
}

}  // namespace

PlainFile::~PlainFile() {
  close(descriptor_);
}

bool PlainFile::read_at(std::uint64_t offset, void* out, std::size_t bytes) const noexcept {
  auto* at = static_cast<std::uint8_t*>(out);
  while (bytes > 0) {
    const ssize_t got = pread(descriptor_, at, bytes, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += got;
    offset += static_cast<std::uint64_t>(got);
    bytes -= static_cast<std::size_t>(got);
  }
  return true;
}

std::shared_ptr<const PlainFile> open_plain_file(const std::string& path, const FileStamp& stamp) {
  OpenFiles& open = open_files();
  const std::lock_guard<std::mutex> lock(open.mutex);
  if (std::shared_ptr<const PlainFile> file = find_open(open, path, stamp)) return file;
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return nullptr;
  auto file = std::make_shared<const PlainFile>(descriptor);
  if (stamp_file(path) != stamp) return nullptr;
  open.files.push_front({path, stamp, file});
  if (open.files.size() > tuning::kOpenFiles) open.files.pop_back();
  return file;
}

void close_plain_files() noexcept {
  OpenFiles& open = open_files();
  const std::lock_guard<std::mutex> lock(open.mutex);
  open.files.clear();
}

}  // namespace topobathy
