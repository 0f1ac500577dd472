#include "cache/cell_store.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <ctime>
#include <utility>

#include "cache/atomic_file.h"
#include "cache/cell_codec.h"
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

/// Whoever makes room deletes what was not read for longest. Set here, as most disks are mounted so
/// that reading does not say so (noatime), or not always (relatime); and only where what is
/// recorded is old, since it is a write. A file that is not ours or read only stays as it is.
void mark_used(int file, const struct stat& status) noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  if (now.tv_sec - status.st_atim.tv_sec < kUseSeconds) return;
  const timespec times[2] = {now, {0, UTIME_OMIT}};
  ::futimens(file, times);
}

/// The whole file, once; nothing when it is absent, unreadable or larger than `limit`.
std::optional<Bytes> read_file(const std::string& path, std::size_t limit, bool use) {
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
  if (use) mark_used(file.get(), status);
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

}  // namespace

CellStore::CellStore(std::string root, FileSystem& files, bool mark_use)
    : root_(std::move(root)), files_(&files), mark_use_(mark_use) {}

std::string CellStore::path_of(const CellKey& key) const {
  if (!key.provider.empty())
    return root_ + "/" + key.provider + "/zarr/" + key.path_hash() + ".zarr.zip";
  return root_ + "/fused_zarr/" + key.policy_hash.substr(0, 8) + "/" + key.path_hash() +
         ".zarr.zip";
}

std::optional<FusedCell> CellStore::read(const CellKey& key, const BandSelection& bands,
                                         const LatticeWindow& part) const {
  const bool use = mark_use_ && (bands.elevation || bands.uncertainty || bands.source);
  const auto file = read_file(path_of(key), largest_cell_file(key.lattice), use);
  if (!file) return std::nullopt;
  return decode_cell(*file, key, bands, part);
}

void CellStore::write(const CellKey& key, const FusedCell& cell, const std::string& crs_wkt) const {
  write_file_atomically(*files_, path_of(key), encode_cell(key, cell, crs_wkt, utc_now()));
}

}  // namespace topobathy
