#include "utils/serve/server/limit_answers.h"

#include <string>

namespace topobathy {

ServiceAnswer busy_answer() {
  ServiceAnswer answer = refusal(503, "the server is busy with other requests: try again later");
  answer.headers.emplace_back("Retry-After", "5");
  return answer;
}

ServiceAnswer too_large_answer(const ServiceLimits& limits) {
  return refusal(413, "the body of the request is larger than this server takes, " +
                          std::to_string(limits.body_bytes) + " bytes");
}

}  // namespace topobathy
