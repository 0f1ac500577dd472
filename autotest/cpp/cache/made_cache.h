#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

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

  /// Relative path to content, of every file.
  std::map<std::string, std::string> content() const {
    std::map<std::string, std::string> all;
    for (const std::string& file : directory_.files()) {
      std::ostringstream text;
      text << std::ifstream(file, std::ios::binary).rdbuf();
      all[file.substr(root().size() + 1)] = text.str();
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
