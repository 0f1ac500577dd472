#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "cache/open_untraced.h"
#include "test_directory.h"

namespace topobathy {

/// A cache root whose files say nothing but their size and age: enough for what goes by names.
class MadeCache {
 public:
  const std::string& root() const noexcept { return directory_.path(); }

  std::string add(const std::string& path, std::size_t bytes = 10) {
    const std::string whole = root() + "/" + path;
    std::filesystem::create_directories(std::filesystem::path(whole).parent_path());
    std::ofstream(whole, std::ios::binary) << std::string(bytes, 'x');
    return path;
  }
  /// Last written and read so many seconds ago.
  void age(const std::string& path, std::int64_t seconds) {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    now.tv_sec -= seconds;
    const timespec times[2] = {now, now};
    ::utimensat(AT_FDCWD, (root() + "/" + path).c_str(), times, AT_SYMLINK_NOFOLLOW);
  }
  bool has(const std::string& path) const {
    return std::filesystem::exists(std::filesystem::symlink_status(root() + "/" + path));
  }

  /// Relative path to content, of every file. Leaves the times of use.
  std::map<std::string, std::string> content() const {
    std::map<std::string, std::string> all;
    for (const std::string& path : directory_.files()) {
      const int file = open_untraced(path);
      std::string text(std::filesystem::file_size(path), '\0');
      const auto got = ::read(file, text.data(), text.size());
      text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
      ::close(file);
      all[path.substr(root().size() + 1)] = text;
    }
    return all;
  }

  /// 64 hex digits that end in `number`.
  static std::string hash(int number) {
    const std::string digits = std::to_string(number);
    return std::string(64 - digits.size(), '0') + digits;
  }
  static std::string fused(int number, const std::string& policy = "0123abcd") {
    return "fused_zarr/" + policy + "/" + hash(number) + ".zarr.zip";
  }
  static std::string provided(int number, const std::string& provider = "ncei_bag") {
    return provider + "/zarr/" + hash(number) + ".zarr.zip";
  }

 private:
  TestDirectory directory_;
};

}  // namespace topobathy
