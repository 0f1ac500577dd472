#include "utils/serve/server/conditional.h"

#include <strings.h>
#include <unistd.h>

#include <variant>

namespace topobathy {
namespace {

std::string without_weakness(const std::string& tag) {
  return tag.rfind("W/", 0) == 0 ? tag.substr(2) : tag;
}

/// The next "..." or W/"..." at or after `at`, which moves behind it; "" at the end.
std::string next_tag(const std::string& text, std::size_t& at) {
  const std::size_t open = text.find('"', at);
  if (open == std::string::npos) return "";
  const std::size_t close = text.find('"', open + 1);
  if (close == std::string::npos) return "";
  at = close + 1;
  return text.substr(open, close - open + 1);
}

}  // namespace

bool matches_tag(const std::string& if_none_match, const std::string& etag) {
  if (etag.empty()) return false;
  if (if_none_match.find_first_not_of(" \t*") == std::string::npos)
    return if_none_match.find('*') != std::string::npos;
  const std::string wanted = without_weakness(etag);
  std::size_t at = 0;
  for (std::string tag = next_tag(if_none_match, at); !tag.empty();
       tag = next_tag(if_none_match, at))
    if (tag == wanted) return true;
  return false;
}

std::string answer_header(const ServiceAnswer& answer, const std::string& name) {
  for (const auto& [known, value] : answer.headers)
    if (::strcasecmp(known.c_str(), name.c_str()) == 0) return value;
  return "";
}

void drop_body(ServiceAnswer& answer) {
  if (const auto* file = std::get_if<FileBody>(&answer.body); file && file->remove)
    ::unlink(file->path.c_str());
  answer.body = std::string();
}

void answer_conditionally(const ServiceRequest& request, ServiceAnswer& answer) {
  const auto condition = request.headers.find("if-none-match");
  if (request.method != HttpMethod::kGet || condition == request.headers.end()) return;
  if (answer.status != 200 && answer.status != 204) return;
  if (!matches_tag(condition->second, answer_header(answer, "etag"))) return;
  drop_body(answer);
  answer.status = 304;
  answer.type = "";
}

}  // namespace topobathy
