#include "utils/serve/route.h"

namespace topobathy {

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
