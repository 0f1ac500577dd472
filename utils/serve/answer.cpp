#include "utils/serve/route.h"

#include <utility>

namespace topobathy {

Route plain_route(const std::string& pattern, const std::string& summary, Route::Handler handler) {
  Route route;
  route.pattern = pattern;
  route.doc.summary = summary;
  route.handler = std::move(handler);
  return route;
}

ServiceAnswer json_answer(const nlohmann::json& value, int status) {
  ServiceAnswer answer;
  answer.status = status;
  answer.body = value.dump();
  return answer;
}

ServiceAnswer refusal(int status, const std::string& message) {
  return json_answer({{"detail", message}}, status);
}

}  // namespace topobathy
