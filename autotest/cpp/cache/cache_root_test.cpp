#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <optional>

#include "cache/cell_store.h"
#include "fusion/error.h"

namespace topobathy {
namespace {

/// Sets the three variables for one test and puts them back.
class CacheRoot : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"TOPOBATHY_CACHE_DIR", "XDG_CACHE_HOME", "HOME"}) {
      if (const char* value = std::getenv(name)) saved_[name] = value;
      ::unsetenv(name);
    }
  }
  void TearDown() override {
    for (const char* name : {"TOPOBATHY_CACHE_DIR", "XDG_CACHE_HOME", "HOME"})
      ::unsetenv(name);
    for (const auto& [name, value] : saved_)
      set(name.c_str(), value.c_str());
  }
  static void set(const char* name, const char* value) { ::setenv(name, value, 1); }

 private:
  std::map<std::string, std::string> saved_;
};

TEST_F(CacheRoot, its_own_variable_comes_first) {
  set("TOPOBATHY_CACHE_DIR", "/own");
  set("XDG_CACHE_HOME", "/xdg");
  set("HOME", "/home/me");
  EXPECT_EQ(default_cache_root(), "/own");
}

TEST_F(CacheRoot, then_xdg_then_home) {
  set("XDG_CACHE_HOME", "/xdg");
  set("HOME", "/home/me");
  EXPECT_EQ(default_cache_root(), "/xdg/topobathy");
  ::unsetenv("XDG_CACHE_HOME");
  EXPECT_EQ(default_cache_root(), "/home/me/.cache/topobathy");
}

TEST_F(CacheRoot, an_empty_variable_and_a_relative_xdg_path_count_as_unset) {
  set("TOPOBATHY_CACHE_DIR", "");
  set("XDG_CACHE_HOME", "");
  set("HOME", "/home/me");
  EXPECT_EQ(default_cache_root(), "/home/me/.cache/topobathy");
  set("XDG_CACHE_HOME", "relative");
  EXPECT_EQ(default_cache_root(), "/home/me/.cache/topobathy");
}

TEST_F(CacheRoot, without_any_it_says_what_to_set) {
  set("HOME", "");
  try {
    default_cache_root();
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCache);
    EXPECT_NE(std::string(error.what()).find("TOPOBATHY_CACHE_DIR"), std::string::npos);
  }
}

}  // namespace
}  // namespace topobathy
