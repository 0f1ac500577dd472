#pragma once

#include <string>

#include "providers/http/url.h"

namespace topobathy {

/// A server of ours (or one that speaks alike) and who asks it.
struct ServerAddress {
  std::string base;           ///< "http://host:9595/prefix", no slash at its end
  Url url;                    ///< the same, taken apart
  std::string authorization;  ///< "Bearer ...", "" = none

  bool secure() const { return url.scheme == "https"; }
};

/// `token_file`: a file with the token in its first line, "" = none.
/// \throws Error(kUsage) for what is no http or https URL; Error(kNotFound), Error(kUsage) for the
/// file
ServerAddress read_server_address(const std::string& url, const std::string& token_file);

/// Whether who listens to the network could read the token: http, and not on this machine.
bool is_overheard(const ServerAddress& address);

}  // namespace topobathy
