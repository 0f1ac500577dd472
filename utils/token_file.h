#pragma once

#include <string>

namespace topobathy {

/// The token in a file's first line: one word of ASCII characters (RFC 6750 and what its neighbours
/// take). \throws Error(kNotFound), Error(kUsage): there is none
std::string read_token_file(const std::string& path);

}  // namespace topobathy
