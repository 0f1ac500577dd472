#include "cache/cache_walk.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "fusion/error.h"
#include "fusion/parallel.h"

namespace topobathy {
namespace {

/// Names that a thread looks at in one go: enough that taking turns costs nothing.
constexpr std::size_t kBatch = 1024;
/// Batches that may wait for a thread; beyond, who lists a folder looks at its files itself.
constexpr std::size_t kMostWaiting = 16;
constexpr std::size_t kMostTroubles = 100;

struct DirectoryCloser {
  void operator()(DIR* directory) const noexcept { ::closedir(directory); }
};
using Directory = std::shared_ptr<DIR>;

/// A folder to list (no directory yet), or files of one to look at.
struct Work {
  std::string folder;  ///< relative, "" or ending in '/'
  Directory directory = nullptr;
  std::vector<std::string> names = {};
};

/// What the threads have yet to do. Last come, first served: that keeps it as short as the widest
/// folder on the way down.
class WorkList {
 public:
  void add(Work work) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (work.directory) ++batches_;
    waiting_.push_back(std::move(work));
    changed_.notify_one();
  }

  /// Waits while others may still add some; nothing when all is done.
  std::optional<Work> take() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return stopped_ || !waiting_.empty() || busy_ == 0; });
    if (stopped_ || waiting_.empty()) return std::nullopt;
    Work work = std::move(waiting_.back());
    waiting_.pop_back();
    if (work.directory) --batches_;
    ++busy_;
    return work;
  }
  void done() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (--busy_ == 0 && waiting_.empty()) changed_.notify_all();
  }
  void stop() {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }
  bool is_full() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return batches_ >= kMostWaiting;
  }
  bool is_stopped() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return stopped_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Work> waiting_;
  std::size_t batches_ = 0;
  std::size_t busy_ = 0;
  bool stopped_ = false;
};

std::int64_t nanoseconds(const timespec& time) noexcept {
  return static_cast<std::int64_t>(time.tv_sec) * 1000000000 + time.tv_nsec;
}

class Walk {
 public:
  Walk(const std::string& root, const WalkOptions& options, const CacheVisitor& visit)
      : root_(root), options_(options), visit_(visit) {
    work_.add({""});
  }

  void run(std::size_t worker) {
    try {
      while (auto work = work_.take()) {
        if (work->directory)
          look(*work, worker);
        else
          list(work->folder, worker);
        work_.done();
      }
    } catch (...) {
      work_.stop();
      throw;
    }
  }

  WalkResult& result() noexcept { return result_; }

 private:
  void trouble(const std::string& folder, int error) {
    if (error == ENOENT || error == ENOTDIR || error == ELOOP)
      return;  // gone, or another thing now
    const std::lock_guard<std::mutex> lock(mutex_);
    ++result_.unread_count;
    if (result_.unread.size() < kMostTroubles)
      result_.unread.push_back({folder.substr(0, folder.rfind('/')), std::strerror(error)});
  }

  Directory open(const std::string& folder) {
    const int link = folder.empty() ? 0 : O_NOFOLLOW;
    const int file = ::open((root_ + "/" + folder).c_str(),
                            O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK | link);
    DIR* const directory = file < 0 ? nullptr : ::fdopendir(file);
    if (directory == nullptr) {
      trouble(folder, errno);
      if (file >= 0) ::close(file);
      return nullptr;
    }
    return Directory(directory, DirectoryCloser{});
  }

  void list(const std::string& folder, std::size_t worker) {
    const Directory directory = open(folder);
    if (!directory) return;
    Work batch{folder, directory, {}};
    for (;;) {
      errno = 0;
      const dirent* const entry = ::readdir(directory.get());
      if (entry == nullptr) break;
      const std::string_view name = entry->d_name;
      if (name == "." || name == "..") continue;
      if (entry->d_type == DT_DIR) {
        enter(folder + std::string(name));
        continue;
      }
      batch.names.emplace_back(name);
      if (batch.names.size() < kBatch) continue;
      hand_on(batch, worker);
      if (work_.is_stopped()) return;
    }
    if (errno != 0) trouble(folder, errno);
    look(batch, worker);
  }

  void enter(const std::string& folder) {
    if (!options_.enter || options_.enter(folder)) work_.add({folder + "/"});
  }

  void hand_on(Work& batch, std::size_t worker) {
    if (options_.threads == 1 || work_.is_full()) {
      look(batch, worker);
    } else {
      work_.add(batch);
    }
    batch.names.clear();
  }

  void look(const Work& batch, std::size_t worker) {
    std::string path = batch.folder;
    for (const std::string& name : batch.names) {
      struct stat status;
      if (::fstatat(::dirfd(batch.directory.get()), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) !=
          0) {
        if (errno != ENOENT) trouble(batch.folder + name + "/", errno);
        continue;
      }
      path.resize(batch.folder.size());
      path += name;
      if (S_ISDIR(status.st_mode))  // a file system that does not tell when listing
        enter(path);
      else
        give(path, status, worker);
    }
  }

  void give(const std::string& path, const struct stat& status, std::size_t worker) {
    CacheEntry entry;
    entry.path = path;
    entry.is_file = S_ISREG(status.st_mode);
    if (entry.is_file || S_ISLNK(status.st_mode)) entry.item = classify(path);
    entry.size = static_cast<std::uint64_t>(status.st_size);
    entry.modified = nanoseconds(status.st_mtim);
    entry.accessed = nanoseconds(status.st_atim);
    visit_(entry, worker);
  }

  const std::string& root_;
  const WalkOptions& options_;
  const CacheVisitor& visit_;
  WorkList work_;
  std::mutex mutex_;
  WalkResult result_;
};

void require_folder(const std::string& root) {
  struct stat status;
  if (::stat(root.c_str(), &status) != 0) {
    if (errno == ENOENT) return;
    throw Error(ErrorCode::kCache, "cannot look at the cache " + root + ": " +
                                       std::strerror(errno) +
                                       "; check its permissions, or name another with --cache-dir");
  }
  if (!S_ISDIR(status.st_mode))
    throw Error(ErrorCode::kCache,
                "the cache " + root + " is no folder; name another with --cache-dir");
  if (::access(root.c_str(), R_OK | X_OK) != 0)
    throw Error(ErrorCode::kCache, "cannot read the cache " + root + ": " + std::strerror(errno) +
                                       "; check its permissions, or name another with --cache-dir");
}

}  // namespace

WalkResult walk_cache(const std::string& root, const WalkOptions& options,
                      const CacheVisitor& visit) {
  require_folder(root);
  Walk walk(root, options, visit);
  parallel_for(options.threads, options.threads, [&](std::size_t worker) { walk.run(worker); });
  return std::move(walk.result());
}

}  // namespace topobathy
