#include "providers/stac/json_answer.h"

#include <cmath>

#include <cpl_conv.h>

#include "cache/json_text.h"
#include "fusion/error.h"

namespace topobathy {
namespace {

using Json = nlohmann::json;

[[noreturn]] void refuse(const std::string& url, const std::string& why) {
  throw Error(ErrorCode::kUnreadable, "'" + without_secrets(url) + "': " + why);
}

bool looks_like_markup(const std::string& body) {
  const std::size_t first = body.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  return first != std::string::npos && body[first] == '<';
}

}  // namespace

Json json_answer(const HttpAnswer& answer, const std::string& url, std::uint64_t max_bytes) {
  if (!answer.ok())
    refuse(url, "the server answered HTTP " + std::to_string(answer.status) +
                    "; try again later, or set another endpoint for this host");
  if (answer.body.size() > max_bytes)
    refuse(url, "the answer is longer than " + std::to_string(max_bytes) + " bytes");
  if (looks_like_markup(answer.body))
    refuse(url,
           "the server answered with HTML where JSON is expected; the archive may be down, or a "
           "login page or proxy answers in its place");
  Json json = parse_foreign_json(answer.body);
  if (!json.is_object()) refuse(url, "the answer is no JSON object, or it is cut; try again later");
  return json;
}

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

double number_of(const Json& object, const char* key, double otherwise) {
  const auto found = object.find(key);
  if (found == object.end()) return otherwise;
  double number = otherwise;
  if (found->is_number()) number = found->get<double>();
  if (found->is_string()) {
    const std::string text = found->get<std::string>();
    char* end = nullptr;
    number = CPLStrtod(text.c_str(), &end);
    if (end == text.c_str() || *end != '\0') return otherwise;
  }
  return std::isfinite(number) ? number : otherwise;
}

const Json& object_of(const Json& object, const char* key) {
  static const Json& empty = *new Json(Json::object());
  const auto found = object.find(key);
  return found != object.end() && found->is_object() ? *found : empty;
}

const Json& array_of(const Json& object, const char* key) {
  static const Json& empty = *new Json(Json::array());
  const auto found = object.find(key);
  return found != object.end() && found->is_array() ? *found : empty;
}

}  // namespace topobathy
