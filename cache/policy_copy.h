#pragma once

#include <string>
#include <vector>

#include "cache/file_system.h"

namespace topobathy {

/// Of policies without a letter or digit in their name.
constexpr char kUnnamedPolicy[] = "Unnamed";

/// That part of a copy's name.
std::string policy_copy_name(const std::string& name);
/// `policies/<Name>.<policy8>.yaml`, below the cache root: what the cells of fused_zarr/<policy8>
/// were made by, so that people and tools can name them. `Name` is the ASCII letters and digits of
/// the policy's name, kUnnamedPolicy where there are none.
std::string policy_copy_path(const std::string& name, const std::string& hash);

/// Writes the text unless a copy of that name is there. Safe among processes. \returns whether it
/// was written  \throws Error(kCache)
bool keep_policy_copy(FileSystem& files, const std::string& root, const std::string& name,
                      const std::string& hash, const std::string& text);

struct PolicyCopy {
  std::string path;
  std::string name;     ///< as in the file's name
  std::string policy8;  ///< the first 8 digits of the policy's hash
};

/// All copies below a root, by path. A policy that was renamed has several.
std::vector<PolicyCopy> policy_copies(const std::string& root);

}  // namespace topobathy
