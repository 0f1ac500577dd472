#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "fusion/error.h"
#include "fusion/policy/load.h"

/// Texts for the policy tests.
namespace topobathy {

inline std::string autotest_path(const std::string& name) {
  return std::string(TOPOBATHY_AUTOTEST_DIR) + "/" + name;
}

inline std::string read_text(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  EXPECT_TRUE(stream.is_open()) << path;
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// Paths of the files of a folder below autotest/, sorted.
inline std::vector<std::string> files_of(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(autotest_path(folder))) {
    if (entry.is_regular_file()) paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

inline std::vector<std::string> policy_files() {
  std::vector<std::string> paths = files_of("data/policies");
  const auto published = files_of("data/policies/published");
  paths.insert(paths.end(), published.begin(), published.end());
  return paths;
}

/// Root lines above, step lines below; step lines begin at column 5 behind "  - " as in a file.
inline std::string policy_with(const std::string& root_lines, const std::string& steps) {
  return "name: t\n" + root_lines + "variables:\n- steps:\n" + steps;
}
inline std::string with_root(const std::string& root_lines) {
  return policy_with(root_lines, "  - provider: gebco\n");
}
/// Lines of a step above a GEBCO base, each on its own line of the file from line 5 on, column 5.
inline std::string with_step(const std::string& step_lines) {
  std::string steps = "  - provider: gebco\n";
  std::istringstream lines(step_lines);
  std::string line;
  for (bool first = true; std::getline(lines, line); first = false) {
    steps += (first ? "  - " : "    ") + line + "\n";
  }
  return policy_with("", steps);
}

inline Policy loaded(const std::string& text) {
  return load_policy(text, "p.yaml", "/data");
}

/// The message of a refusal, or "loaded".
inline std::string refusal(const std::string& text) {
  try {
    loaded(text);
    return "loaded";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kPolicy);
    return error.what();
  }
}

}  // namespace topobathy
