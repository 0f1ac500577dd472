#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace topobathy::testing_support {

/// While it lives, a test that root runs is run by a user whom files can be kept from, and who owns
/// what lies below `folder`.
class AsNobody {
 public:
  explicit AsNobody(const std::string& folder) {
    if (::geteuid() != 0) return;
    give(folder);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
      give(entry.path());
    changed_ = ::seteuid(kNobody) == 0;
  }
  ~AsNobody() {
    if (changed_ && ::seteuid(0) != 0) std::abort();
  }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;

  bool holds() const noexcept { return ::geteuid() != 0; }

 private:
  static constexpr uid_t kNobody = 65534;
  static void give(const std::string& path) {
    if (::lchown(path.c_str(), kNobody, static_cast<gid_t>(-1)) != 0) std::abort();
  }

  bool changed_ = false;
};

}  // namespace topobathy::testing_support
