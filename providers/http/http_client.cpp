#include "providers/http/http_client.h"

#include "fusion/error.h"

namespace topobathy {

std::string without_secrets(const std::string& url) {
  std::string shown = url.substr(0, url.find_first_of("?#"));
  const std::size_t slashes = shown.find("://");
  if (slashes == std::string::npos) return shown;
  const std::size_t begin = slashes + 3;
  const std::size_t at = shown.substr(0, shown.find('/', begin)).rfind('@');
  if (at != std::string::npos && at >= begin) shown.erase(begin, at + 1 - begin);
  return shown;
}

const std::string& require_body(const HttpAnswer& answer, const std::string& url) {
  if (answer.ok()) return answer.body;
  const std::string what =
      "'" + without_secrets(url) + "': the server says HTTP " + std::to_string(answer.status);
  if (answer.absent())
    throw Error(ErrorCode::kNotFound, what + ": there is no such thing (any more)");
  throw Error(ErrorCode::kUnreadable,
              what +
                  ": it refuses access; try again later, or name a mirror in "
                  "TOPOBATHY_ENDPOINTS");
}

}  // namespace topobathy
