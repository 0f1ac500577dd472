#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "fusion/error.h"

namespace topobathy {

/// A request that is refused: answered with this status and {"detail": message}. The message is for
/// the client: it names no path, host or address of the server.
class HttpError : public std::runtime_error {
 public:
  HttpError(int status, const std::string& message, std::optional<int> retry_after = {})
      : std::runtime_error(printable(message)), status_(status), retry_after_(retry_after) {}

  int status() const noexcept { return status_; }
  std::optional<int> retry_after() const noexcept { return retry_after_; }  ///< seconds

 private:
  int status_;
  std::optional<int> retry_after_;
};

}  // namespace topobathy
