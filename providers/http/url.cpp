#include "providers/http/url.h"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <memory>

namespace topobathy {
namespace {

struct FreeUrl {
  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};

/// "" where the part is not there.
std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, 0) != CURLUE_OK) return "";
  std::string copy = text;
  curl_free(text);
  return copy;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

std::string Url::origin() const {
  const std::string own = scheme == "https" ? "443" : scheme == "http" ? "80" : "";
  return scheme + "://" + host + ":" + (port.empty() ? own : port);
}

std::optional<Url> parse_url(const std::string& text) {
  // libcurl would also take https:/host and https:///host.
  const std::size_t slashes = text.find("://");
  if (slashes == std::string::npos || text.compare(slashes + 3, 1, "/") == 0) return std::nullopt;
  if (text.find('\0') != std::string::npos) return std::nullopt;
  const std::unique_ptr<CURLU, FreeUrl> parsed(curl_url());
  if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, text.c_str(),
                              CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
    return std::nullopt;
  Url url;
  url.scheme = lower(part(parsed.get(), CURLUPART_SCHEME));
  url.host = lower(part(parsed.get(), CURLUPART_HOST));
  if (!url.host.empty() && url.host.back() == '.') url.host.pop_back();
  if (url.host.empty()) return std::nullopt;
  url.port = part(parsed.get(), CURLUPART_PORT);
  url.path = part(parsed.get(), CURLUPART_PATH);
  url.query = part(parsed.get(), CURLUPART_QUERY);
  url.has_user = !part(parsed.get(), CURLUPART_USER).empty() ||
                 !part(parsed.get(), CURLUPART_PASSWORD).empty();
  return url;
}

std::string absolute_url(const std::string& base, const std::string& link) {
  const std::unique_ptr<CURLU, FreeUrl> url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, base.c_str(), 0) != CURLUE_OK) return "";
  // Servers write spaces and letters of all alphabets into Location.
  const unsigned flags = CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE | CURLU_ALLOW_SPACE;
  if (curl_url_set(url.get(), CURLUPART_URL, link.c_str(), flags) != CURLUE_OK) return "";
  return part(url.get(), CURLUPART_URL);
}

bool is_gzip_file(const std::string& url) {
  const auto parts = parse_url(url);
  const std::string& path = parts ? parts->path : url;
  return path.size() > 3 && path.compare(path.size() - 3, 3, ".gz") == 0;
}

}  // namespace topobathy
