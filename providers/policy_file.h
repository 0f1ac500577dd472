#pragma once

#include <string>

#include "fusion/policy/policy.h"

namespace topobathy {

/// A policy as it was found, not yet read.
struct PolicyText {
  std::string text;
  std::string file;       ///< "" = inline
  std::string directory;  ///< absolute; relative paths are resolved against it
};

/// A policy file, any VSI path; with `offline` none on the network. \throws Error(kNotFound,
/// kUnreadable)
PolicyText read_policy_text(const std::string& path, bool offline = false);
/// An inline policy: its files are looked for in the working directory.
PolicyText inline_policy(const std::string& text);

/// Reads and checks the text of a policy file; opens nothing else. \throws Error
Policy load_policy_file(const std::string& path);

}  // namespace topobathy
