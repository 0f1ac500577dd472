#include "utils/remote/server_address.h"

#include <algorithm>
#include <fstream>

#include "fusion/error.h"

namespace topobathy {
namespace {

/// Of RFC 6750 and what its neighbours take: nothing that would end a header's line.
bool is_token(const std::string& text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

std::string read_token(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw Error(ErrorCode::kNotFound, "the token file '" + path + "' cannot be read");
  std::string line;
  std::getline(file, line);
  while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
    line.pop_back();
  if (!is_token(line))
    throw Error(ErrorCode::kUsage, "the token file '" + path +
                                       "' holds no token in its first line: one word of ASCII "
                                       "characters");
  return line;
}

}  // namespace

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
  if (!token_file.empty()) address.authorization = "Bearer " + read_token(token_file);
  return address;
}

bool is_overheard(const ServerAddress& address) {
  const std::string& host = address.url.host;
  const bool here = host == "localhost" || host == "[::1]" || host.rfind("127.", 0) == 0;
  return !address.authorization.empty() && !address.secure() && !here;
}

}  // namespace topobathy
