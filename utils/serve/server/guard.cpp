#include "utils/serve/server/guard.h"

#include <openssl/crypto.h>

#include <algorithm>

#include "fusion/sha256.h"
#include "providers/http/url.h"

namespace topobathy {
namespace {

using Headers = std::map<std::string, std::string>;

constexpr std::array<const char*, 6> kProxyHeaders = {
    "forwarded", "x-real-ip", "via", "x-client-ip", "true-client-ip", "cf-connecting-ip"};
constexpr char kForwardedFamily[] = "x-forwarded-";

std::string header_or_empty(const Headers& headers, const std::string& name) {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

bool came_by_a_proxy(const Headers& headers) {
  const auto family = headers.lower_bound(kForwardedFamily);
  if (family != headers.end() && family->first.rfind(kForwardedFamily, 0) == 0) return true;
  return std::any_of(kProxyHeaders.begin(), kProxyHeaders.end(),
                     [&](const char* name) { return headers.count(name) != 0; });
}

/// A scheme, a host and perhaps a port, and nothing else.
std::optional<Url> bare_url(const std::string& text) {
  constexpr char kBegin[] = "://";
  const std::size_t begin = text.find(kBegin);
  if (begin == std::string::npos) return std::nullopt;
  if (text.find_first_of("/\\?#@", begin + sizeof(kBegin) - 1) != std::string::npos)
    return std::nullopt;
  auto url = parse_url(text);
  if (!url) return std::nullopt;
  if (url->scheme != "http" && url->scheme != "https") return std::nullopt;
  return url;
}

/// Of names that this machine alone answers to. libcurl writes an IPv4 address with four numbers.
bool is_loopback_name(const std::string& host) {
  const bool is_address =
      !host.empty() && host.find_first_not_of("0123456789.") == std::string::npos;
  return host == "localhost" || host == "[::1]" || (is_address && host.rfind("127.", 0) == 0);
}

bool has_host(const std::vector<std::string>& origins, const Url& host) {
  return std::any_of(origins.begin(), origins.end(), [&](const std::string& origin) {
    const auto url = bare_url(origin);
    return url && url->host == host.host;
  });
}

ServiceAnswer unauthorized(const std::string& why) {
  ServiceAnswer answer = refusal(401, why);
  answer.headers.emplace_back("WWW-Authenticate", "Bearer");
  return answer;
}

}  // namespace

bool is_origin(const std::string& text) {
  return bare_url(text).has_value();
}

Guard::Guard(const Setup& setup) : setup_(setup) {}

std::optional<ServiceAnswer> Guard::refuse(const Asked& asked) const {
  if (auto answer = refuse_host(asked)) return answer;
  if (asked.changes || asked.from_a_page)
    if (auto answer = refuse_origin(asked)) return answer;
  if (asked.changes) return refuse_change(asked);
  return std::nullopt;
}

std::optional<ServiceAnswer> Guard::refuse_host(const Asked& asked) const {
  const auto found = asked.headers.find("host");
  if (found == asked.headers.end()) {
    if (asked.is_old) return std::nullopt;
    return refusal(400, "the request has no Host header");
  }
  const auto host = bare_url("http://" + found->second);
  if (!host) return refusal(400, "the Host header is no host name or address");
  if (!setup_.bound_to_loopback || is_loopback_name(host->host) || has_host(setup_.origins, *host))
    return std::nullopt;
  return refusal(403,
                 "this server listens to its own machine only and does not answer to the name in "
                 "the Host header: ask 127.0.0.1 or localhost, or start it with --origin for the "
                 "name under which a reverse proxy shows it");
}

std::optional<ServiceAnswer> Guard::refuse_origin(const Asked& asked) const {
  const std::string origin = header_or_empty(asked.headers, "origin");
  if (origin.empty()) {
    // No browser leaves Origin out here; but if one did, it would still say this.
    const std::string site = header_or_empty(asked.headers, "sec-fetch-site");
    if (site.empty() || site == "same-origin" || site == "none") return std::nullopt;
  }
  const auto url = bare_url(origin);
  if (url) {
    const auto own = bare_url(url->scheme + "://" + header_or_empty(asked.headers, "host"));
    if (own && own->origin() == url->origin()) return std::nullopt;
    for (const std::string& allowed : setup_.origins)
      if (bare_url(allowed)->origin() == url->origin()) return std::nullopt;
  }
  return refusal(403,
                 "the request comes from a page of another site (its Origin header): start the "
                 "server with --origin to allow that site");
}

/// Equal texts only, and in a time that does not tell how many characters are right.
bool Guard::is_the_token(const std::string& authorization) const {
  constexpr std::size_t kScheme = 7;
  std::string scheme = authorization.substr(0, kScheme);
  std::transform(scheme.begin(), scheme.end(), scheme.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (scheme != "bearer ") return false;
  const std::string given = sha256_hex(authorization.substr(kScheme));
  const std::string wanted = sha256_hex(setup_.token);
  return CRYPTO_memcmp(given.data(), wanted.data(), wanted.size()) == 0;
}

std::optional<ServiceAnswer> Guard::refuse_change(const Asked& asked) const {
  const std::string authorization = header_or_empty(asked.headers, "authorization");
  if (!setup_.token.empty() && !authorization.empty()) {
    if (is_the_token(authorization)) return std::nullopt;
    return unauthorized("the token in the Authorization header is not this server's");
  }
  const bool is_local = setup_.bound_to_loopback && asked.peer_is_loopback;
  if (is_local && !came_by_a_proxy(asked.headers)) return std::nullopt;
  const std::string why =
      is_local ? "this request came by a proxy, and changing anything then needs the token"
               : "changing anything on a server that others can reach needs the token";
  if (!setup_.token.empty()) return unauthorized(why + ": send Authorization: Bearer <token>");
  return refusal(403, why + ": start the server with --token-file");
}

}  // namespace topobathy
