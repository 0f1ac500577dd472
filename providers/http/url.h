#pragma once

#include <optional>
#include <string>

namespace topobathy {

/// A URL with a host, taken apart by libcurl: what is checked here is what libcurl connects to.
struct Url {
  std::string scheme;  ///< lower case
  std::string host;    ///< lower case, without a dot at its end; an IPv6 address in brackets
  std::string port;    ///< as written, "" = the scheme's own
  std::string path;    ///< "/..." without dot segments
  std::string query;   ///< without "?"
  bool has_user = false;

  /// "scheme://host:port", the port always there: equal for equal servers.
  std::string origin() const;
};

/// Nothing for a text that is no URL, or one without "://".
std::optional<Url> parse_url(const std::string& text);

/// What a link in the document at `base` leads to; "" for what is no link.
std::string absolute_url(const std::string& base, const std::string& link);

/// Whether its path ends in ".gz". Web servers like to call such a file an encoding of the file
/// inside; who asks for it wants it as it lies there.
bool is_gzip_file(const std::string& url);

}  // namespace topobathy
