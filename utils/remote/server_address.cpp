#include "utils/remote/server_address.h"

#include "fusion/error.h"
#include "utils/token_file.h"

namespace topobathy {
ServerAddress read_server_address(const std::string& url, const std::string& token_file) {
  const auto parts = parse_url(url);
  if (!parts || (parts->scheme != "http" && parts->scheme != "https") || !parts->query.empty())
    throw Error(ErrorCode::kUsage,
                "--url " + url + ": give the server's address, such as http://127.0.0.1:9595");
  if (parts->has_user)
    throw Error(ErrorCode::kUsage,
                "--url: user and password are not sent; give a token with --token-file");
  ServerAddress address{parts->origin() + parts->path, *parts, ""};
  while (address.base.back() == '/')
    address.base.pop_back();
  if (!token_file.empty()) address.authorization = "Bearer " + read_token_file(token_file);
  return address;
}

bool is_overheard(const ServerAddress& address) {
  const std::string& host = address.url.host;
  const bool here = host == "localhost" || host == "[::1]" || host.rfind("127.", 0) == 0;
  return !address.authorization.empty() && !address.secure() && !here;
}

}  // namespace topobathy
