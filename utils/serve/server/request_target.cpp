#include "utils/serve/server/request_target.h"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <string_view>

#include "utils/serve/http_error.h"

namespace topobathy {
namespace {

constexpr std::size_t kMostParameters = 64;

[[noreturn]] void refuse_target(const std::string& why) {
  throw HttpError(400, why);
}

void require_hex_pairs(std::string_view text) {
  const auto is_hex = [&](std::size_t i) {
    return i < text.size() && std::isxdigit(static_cast<unsigned char>(text[i])) != 0;
  };
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '%' && !(is_hex(i + 1) && is_hex(i + 2)))
      refuse_target("the address has a % without two hexadecimal digits after it: write %25");
}

std::string percent_decoded(const std::string& text) {
  require_hex_pairs(text);
  int size = 0;
  // Without a handle: it is ignored since libcurl 7.82, and was for character sets of mainframes.
  const std::unique_ptr<char, decltype(&curl_free)> decoded(
      curl_easy_unescape(nullptr, text.c_str(), static_cast<int>(text.size()), &size), &curl_free);
  if (!decoded) refuse_target("the address cannot be decoded");
  std::string result(decoded.get(), static_cast<std::size_t>(size));
  if (printable(result) != result)
    refuse_target("the address has bytes that are no UTF-8 text, or control characters");
  return result;
}

/// As forms write it: a blank may be a plus.
std::string form_decoded(std::string text) {
  std::replace(text.begin(), text.end(), '+', ' ');
  return percent_decoded(text);
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> pieces;
  std::size_t begin = 0;
  for (std::size_t end = 0; end != std::string::npos; begin = end + 1) {
    end = text.find(separator, begin);
    pieces.push_back(text.substr(begin, end == std::string::npos ? end : end - begin));
  }
  return pieces;
}

std::vector<std::string> path_parts(const std::string& path) {
  std::vector<std::string> parts;
  for (const std::string& piece : split(path.substr(1), '/')) {
    std::string part = percent_decoded(piece);
    if (part == "." || part == ".." || part.find_first_of("/\n\r\t") != std::string::npos)
      refuse_target("the path has a dot segment, a line break or an encoded slash");
    parts.push_back(std::move(part));
  }
  return parts;
}

std::map<std::string, std::string> read_query(const std::string& text) {
  std::map<std::string, std::string> query;
  for (const std::string& piece : split(text, '&')) {
    if (piece.empty()) continue;
    const std::size_t equals = piece.find('=');
    const std::string name = form_decoded(piece.substr(0, equals));
    const std::string value =
        equals == std::string::npos ? "" : form_decoded(piece.substr(equals + 1));
    if (!query.emplace(name, value).second)
      refuse_target("the parameter " + name + " stands twice in the address: give it once");
    if (query.size() > kMostParameters)
      refuse_target("more than " + std::to_string(kMostParameters) + " parameters");
  }
  return query;
}

}  // namespace

RequestTarget read_target(const std::string& target) {
  const std::size_t mark = target.find('?');
  const std::string path = target.substr(0, mark);
  if (path.empty() || path.front() != '/' || target.find('#') != std::string::npos)
    refuse_target("the address of a request is a path that begins with /");
  RequestTarget result;
  result.parts = path_parts(path);
  for (const std::string& part : result.parts)
    result.path += "/" + part;
  if (mark != std::string::npos) result.query = read_query(target.substr(mark + 1));
  return result;
}

}  // namespace topobathy
