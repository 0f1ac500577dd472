#include "cache/atomic_file.h"

#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <random>
#include <system_error>
#include <utility>

#include "fusion/error.h"

namespace topobathy {
namespace {

constexpr char kTemporaryPrefix[] = ".tmp-";

/// Unique among all processes that share the directory, other machines included: the process id
/// alone would not be.
std::string temporary_name() {
  std::random_device device;
  const std::uint64_t random = (static_cast<std::uint64_t>(device()) << 32) | device();
  return kTemporaryPrefix + std::to_string(::getpid()) + "-" + std::to_string(random);
}

/// Who clears the cache deletes folders that have become empty, perhaps just after this one was
/// made; once a file is in it, nobody does.
constexpr int kAttempts = 10;

/// Removes the temporary unless it has become the file.
class Temporary {
 public:
  Temporary(FileSystem& files, std::string path)
      : files_(files), path_(std::move(path)), file_(create()) {}
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() {
    try {
      if (file_ >= 0) files_.close(file_);
    } catch (const std::system_error&) {
      // The file goes away anyway; the first failure is the one reported.
    }
    if (!kept_) files_.remove(path_);
  }

  void write(const Bytes& content) {
    std::size_t done = 0;
    while (done < content.size())
      done += files_.write(file_, content.data() + done, content.size() - done);
    files_.sync(file_);
    files_.close(std::exchange(file_, -1));
  }
  void rename_to(const std::string& path) {
    files_.rename(path_, path);
    kept_ = true;
  }

 private:
  int create() {
    const std::string directory = std::filesystem::path(path_).parent_path().string();
    for (int attempt = 1;; ++attempt) {
      files_.make_directories(directory);
      try {
        return files_.create(path_);
      } catch (const std::system_error& error) {
        if (error.code() != std::errc::no_such_file_or_directory || attempt == kAttempts) throw;
      }
    }
  }

  FileSystem& files_;
  std::string path_;
  int file_;
  bool kept_ = false;
};

}  // namespace

void write_file_atomically(FileSystem& files, const std::string& path, const Bytes& content) {
  const std::string directory = std::filesystem::path(path).parent_path().string();
  try {
    Temporary temporary(files, directory + "/" + temporary_name());
    temporary.write(content);
    temporary.rename_to(path);
    files.sync_directory(directory);
  } catch (const std::system_error& error) {
    throw Error(ErrorCode::kCache, "cannot write " + path + ": " + error.what() +
                                       "; check the free space and the permissions of the cache "
                                       "directory, or set TOPOBATHY_CACHE_DIR to another one");
  }
}

bool is_temporary_name(const std::string& name) noexcept {
  return name.compare(0, sizeof kTemporaryPrefix - 1, kTemporaryPrefix) == 0;
}

}  // namespace topobathy
