#include "utils/serve/tiles/public_address.h"

#include <algorithm>
#include <string_view>

namespace topobathy {
namespace {

constexpr std::size_t kLongestHost = 255;
constexpr std::size_t kLongestPort = 5;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_host_letter(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
}

template <class Allowed>
bool all_of(std::string_view text, const Allowed& allowed) {
  return !text.empty() && std::all_of(text.begin(), text.end(), allowed);
}

/// What follows the host: nothing, or ":9595".
bool is_port(std::string_view text) {
  if (text.empty()) return true;
  return text.front() == ':' && text.size() <= kLongestPort + 1 && all_of(text.substr(1), is_digit);
}

bool is_host(std::string_view text) {
  if (text.size() > kLongestHost) return false;
  if (!text.empty() && text.front() == '[') {
    const std::size_t end = text.find(']');
    return end != std::string_view::npos &&
           all_of(text.substr(1, end - 1), [](char c) { return is_hex(c) || c == ':'; }) &&
           is_port(text.substr(end + 1));
  }
  const std::size_t end = std::min(text.find(':'), text.size());
  return all_of(text.substr(0, end), is_host_letter) && is_port(text.substr(end));
}

std::string field(const ServiceRequest& request, const char* name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? "" : found->second;
}

}  // namespace

std::string public_address(const ServiceRequest& request) {
  const std::string host = field(request, "host");
  if (!is_host(host)) return "";
  return (field(request, "x-forwarded-proto") == "https" ? "https://" : "http://") + host;
}

}  // namespace topobathy
