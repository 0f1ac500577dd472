#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

/// Real files of the tests. They must be there; who packages the product without them says so with
/// TOPOBATHY_SKIP_MISSING=YES. autotest/pymod/needed.py is the same for Python.
namespace topobathy::test {

/// TOPOBATHY_SHARED_DATA, else ../shared/data beside the source tree.
inline std::string shared_data() {
  const char* const named = std::getenv("TOPOBATHY_SHARED_DATA");
  return named != nullptr && *named != '\0' ? named : TOPOBATHY_SHARED_DATA;
}

inline bool may_skip_missing() {
  const char* const answer = std::getenv("TOPOBATHY_SKIP_MISSING");
  return answer != nullptr && std::string(answer) == "YES";
}

inline std::string missing_message(const std::string& path) {
  return path +
         " is missing: put the real data there or name its folder in TOPOBATHY_SHARED_DATA (see "
         "docs/developer.md, Real data), or set TOPOBATHY_SKIP_MISSING=YES to test without";
}

}  // namespace topobathy::test

/// Ends a test, or SetUp(), whose real file or folder is missing.
#define TOPOBATHY_NEED_FILE(path)                               \
  do {                                                          \
    if (std::filesystem::exists(path)) break;                   \
    if (::topobathy::test::may_skip_missing())                  \
      GTEST_SKIP() << ::topobathy::test::missing_message(path); \
    GTEST_FAIL() << ::topobathy::test::missing_message(path);   \
  } while (false)
