#include "providers/coastal/published_names.h"

#include <algorithm>
#include <cctype>
#include <memory>
#include <string_view>

#include <cpl_conv.h>
#include <cpl_string.h>

namespace topobathy::coastal {
namespace {

bool is_control(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool is_plain_part(std::string_view part) noexcept {
  return !part.empty() && part != "." && part != "..";
}

bool is_address(const std::string& text) {
  return text.rfind("https://", 0) == 0 || text.rfind("http://", 0) == 0;
}

std::string unescaped(const std::string& text) {
  const std::unique_ptr<char, decltype(&VSIFree)> plain(
      CPLUnescapeString(text.c_str(), nullptr, CPLES_URL), VSIFree);
  return plain.get();
}

}  // namespace

bool is_plain_path(const std::string& path) noexcept {
  if (std::any_of(path.begin(), path.end(), [](char c) { return c == '\\' || is_control(c); }))
    return false;
  std::string_view rest = path;
  while (true) {
    const std::size_t slash = rest.find('/');
    if (!is_plain_part(rest.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    rest.remove_prefix(slash + 1);
  }
}

bool is_plain_name(const std::string& name) noexcept {
  return !name.empty() && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
         });
}

std::string path_in_folder(const std::string& path_or_url, const std::string& folder) {
  const bool address = is_address(path_or_url);
  if (address && path_or_url.find("%00") != std::string::npos) return "";
  std::string path =
      address ? unescaped(path_or_url.substr(0, path_or_url.find_first_of("?#"))) : path_or_url;
  std::replace(path.begin(), path.end(), '\\', '/');
  const std::string marked = "/" + path;
  const std::size_t at = marked.find("/" + folder + "/");
  if (at != std::string::npos) {
    path = marked.substr(at + folder.size() + 2);
  } else if (address) {
    return "";
  } else if (path.rfind("./", 0) == 0) {
    path.erase(0, 2);
  }
  return is_plain_path(path) ? path : "";
}

std::string base_name(const std::string& path) {
  return path.substr(path.find_last_of('/') + 1);
}

std::string stem_of(const std::string& path) {
  const std::string name = base_name(path);
  return name.substr(0, name.find_last_of('.'));
}

std::string extension_of(const std::string& path) {
  const std::string name = base_name(path);
  const std::size_t dot = name.find_last_of('.');
  return dot == std::string::npos ? "" : lower_case(name.substr(dot));
}

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace topobathy::coastal
