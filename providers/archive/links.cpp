#include "providers/archive/links.h"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstring>
#include <memory>

namespace topobathy {
namespace {

constexpr std::size_t kLongestName = 200;
constexpr std::size_t kLongestLink = 4096;

struct FreeUrl {
  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};
using UrlPointer = std::unique_ptr<CURLU, FreeUrl>;

bool set_url(const UrlPointer& url, const std::string& text) {
  return url && text.size() <= kLongestLink && text.find('\0') == std::string::npos &&
         curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) == CURLUE_OK;
}

std::string part(const UrlPointer& url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, flags) != CURLUE_OK) return "";
  std::string copy = text;
  curl_free(text);
  return copy;
}

bool is_name_character(unsigned char c) noexcept {
  return std::isalnum(c) != 0 || (c != 0 && std::strchr("._+-", c) != nullptr);
}

bool is_blank(char c) noexcept {
  return std::isspace(static_cast<unsigned char>(c)) != 0;
}

std::size_t skip_blanks(const std::string& text, std::size_t at) noexcept {
  while (at < text.size() && is_blank(text[at]))
    ++at;
  return at;
}

/// The value of an attribute that begins at `at`.
std::string attribute_value(const std::string& html, std::size_t at) {
  if (at >= html.size()) return "";
  const bool is_quoted = html[at] == '"' || html[at] == '\'';
  const std::string ends = is_quoted ? std::string(1, html[at]) : " \t\r\n>";
  const std::size_t begin = is_quoted ? at + 1 : at;
  const std::size_t end = html.find_first_of(ends, begin);
  if (end == std::string::npos) return "";
  return html.substr(begin, end - begin);
}

}  // namespace

std::optional<std::string> resolve_link(const std::string& base, const std::string& href) {
  const UrlPointer url(curl_url());
  if (href.empty() || !set_url(url, base) || !set_url(url, href)) return std::nullopt;
  const std::string scheme = part(url, CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") return std::nullopt;
  curl_url_set(url.get(), CURLUPART_FRAGMENT, nullptr, 0);
  return part(url, CURLUPART_URL);
}

std::string file_name_of(const std::string& url) {
  const UrlPointer parsed(curl_url());
  if (!set_url(parsed, url)) return "";
  // Not decoded before it is cut: %2F must not look like the end of a folder.
  std::string name = part(parsed, CURLUPART_PATH);
  name.erase(0, name.rfind('/') + 1);
  int length = 0;
  char* const decoded =
      curl_easy_unescape(nullptr, name.data(), static_cast<int>(name.size()), &length);
  if (decoded == nullptr) return "";
  name.assign(decoded, static_cast<std::size_t>(length));
  curl_free(decoded);
  return name;
}

bool is_plain_name(const std::string& name) noexcept {
  return !name.empty() && name.size() <= kLongestName && name[0] != '.' && name[0] != '-' &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return is_name_character(static_cast<unsigned char>(c)); });
}

std::vector<std::string> hrefs_of(const std::string& html) {
  constexpr char kName[] = "href";
  constexpr std::size_t kLength = sizeof kName - 1;
  std::string lower = html;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::vector<std::string> found;
  for (std::size_t at = lower.find(kName); at != std::string::npos;
       at = lower.find(kName, at + kLength)) {
    const std::size_t equals = skip_blanks(html, at + kLength);
    if (at == 0 || !is_blank(html[at - 1]) || equals >= html.size() || html[equals] != '=')
      continue;
    std::string value = attribute_value(html, skip_blanks(html, equals + 1));
    if (!value.empty()) found.push_back(std::move(value));
  }
  return found;
}

std::string percent_encoded(const std::string& text) {
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || (c != 0 && std::strchr("-._~", c) != nullptr)) {
      encoded += c;
    } else {
      char hex[4];
      std::snprintf(hex, sizeof hex, "%%%02X", static_cast<unsigned>(byte));
      encoded += hex;
    }
  }
  return encoded;
}

}  // namespace topobathy
