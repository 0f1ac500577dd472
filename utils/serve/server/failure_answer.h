#pragma once

#include <exception>
#include <string>

#include "utils/serve/route.h"

namespace topobathy {

/// A failed request: what the client is told, and what the log says (paths and all).
struct FailureAnswer {
  ServiceAnswer answer;
  std::string reason;  ///< "" where the answer says it all
};

/// Of an exception of a handler: HttpError as it says; Error by its code (400, 404, 502, 503, 500);
/// anything else 500.
FailureAnswer failure_answer(const std::exception_ptr& failure);

/// A message without the server's files, hosts and addresses: each becomes "(a file)" or
/// "(an address)".
std::string message_for_clients(const std::string& message);

}  // namespace topobathy
