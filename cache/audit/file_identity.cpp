#include "cache/audit/file_identity.h"

#include <sys/stat.h>

#include <chrono>

namespace topobathy {
namespace {

constexpr std::int64_t kNanoseconds = 1'000'000'000;

std::int64_t nanoseconds(const timespec& time) noexcept {
  return static_cast<std::int64_t>(time.tv_sec) * kNanoseconds + time.tv_nsec;
}

}  // namespace

std::optional<FileIdentity> file_identity(const std::string& path) noexcept {
  struct stat status;
  if (::lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return FileIdentity{static_cast<std::uint64_t>(status.st_dev),
                      static_cast<std::uint64_t>(status.st_ino),
                      static_cast<std::uint64_t>(status.st_size), nanoseconds(status.st_mtim)};
}

double age_seconds(const FileIdentity& file) noexcept {
  const std::int64_t now = std::chrono::duration_cast<std::chrono::nanoseconds>(
                               std::chrono::system_clock::now().time_since_epoch())
                               .count();
  return static_cast<double>(now - file.modified) / static_cast<double>(kNanoseconds);
}

}  // namespace topobathy
