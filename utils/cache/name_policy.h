#pragma once

#include <set>
#include <string>

namespace topobathy {

/// The first 8 digits of the hashes of the policies that a user means: by a policy file, 8 or more
/// digits of a hash, or the name of a copy in the cache. \throws Error(kUsage) it is none of these;
/// Error(kPolicy, ...) a file that is no sound policy
std::set<std::string> name_policy(const std::string& given, const std::string& root);

/// The names that copies in the cache give a policy; "" where there is none.
std::string policy_title(const std::string& policy8, const std::string& root);

}  // namespace topobathy
