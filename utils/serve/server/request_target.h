#pragma once

#include <map>
#include <string>
#include <vector>

namespace topobathy {

/// What stands in the first line of a request, decoded.
struct RequestTarget {
  std::string path;
  std::vector<std::string> parts;  ///< of the path, between its slashes; "/a/" has "a" and ""
  std::map<std::string, std::string> query;
};

/// \throws HttpError(400): no path, a malformed %-sequence, text that is no UTF-8 or has control
/// characters, a dot segment or an encoded slash in the path, a name twice or too many in the query
RequestTarget read_target(const std::string& target);

}  // namespace topobathy
