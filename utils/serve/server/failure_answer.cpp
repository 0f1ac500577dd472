#include "utils/serve/server/failure_answer.h"

#include <new>
#include <regex>

#include "fusion/error.h"
#include "utils/serve/http_error.h"

namespace topobathy {
namespace {

constexpr std::size_t kLongestMessage = 1000;

int http_status(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::kPolicy:
    case ErrorCode::kUsage:
      return 400;
    case ErrorCode::kNotFound:
      return 404;
    case ErrorCode::kUnreadable:
    case ErrorCode::kUnsupported:
      return 502;
    case ErrorCode::kCancelled:
      return 503;
    case ErrorCode::kCache:
    case ErrorCode::kInternal:
      break;
  }
  return 500;
}

std::string place_for_clients(const Place& place) {
  if (place.line == 0) return "";
  return "line " + std::to_string(place.line) + ", column " + std::to_string(place.column) + ": ";
}

FailureAnswer answer_error(const Error& error) {
  const int status = http_status(error.code());
  std::string message = place_for_clients(error.place()) + message_for_clients(error.message());
  if (status == 502) message = "a source cannot be read now: " + message + "; try again later";
  if (status == 503) message = "the server has stopped this work: try again";
  if (status == 500)
    message = "the server failed (its log says why, by the X-Request-Id of this answer)";
  FailureAnswer failure{refusal(status, message), status < 500 ? "" : error.what()};
  if (status > 500) failure.answer.headers.emplace_back("Retry-After", "10");
  return failure;
}

FailureAnswer answer_http_error(const HttpError& error) {
  FailureAnswer failure{refusal(error.status(), error.what()), ""};
  if (error.retry_after())
    failure.answer.headers.emplace_back("Retry-After", std::to_string(*error.retry_after()));
  return failure;
}

FailureAnswer answer_other(const std::string& what) {
  return {refusal(500, "the server failed (its log says why, by the X-Request-Id of this answer)"),
          what};
}

}  // namespace

std::string message_for_clients(const std::string& message) {
  // A regular expression recurses by character: long texts are cut first.
  static const std::regex address(R"([A-Za-z][A-Za-z0-9+.-]*://[^\s'",;)]*[^\s'",;):.])");
  static const std::regex quoted_path(R"('[/~.][^']*/[^']*')");
  static const std::regex path(R"((^|[\s(=:"'])[/~][^\s'",;:)]+)");
  std::string text = message.substr(0, kLongestMessage);
  text = std::regex_replace(text, address, "(an address)");
  text = std::regex_replace(text, quoted_path, "(a file)");
  return printable(std::regex_replace(text, path, "$1(a file)"));
}

FailureAnswer failure_answer(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const HttpError& error) {
    return answer_http_error(error);
  } catch (const Error& error) {
    return answer_error(error);
  } catch (const std::bad_alloc&) {
    FailureAnswer answer{refusal(503, "the server has no memory for this now: try again later"),
                         "out of memory"};
    answer.answer.headers.emplace_back("Retry-After", "10");
    return answer;
  } catch (const std::exception& error) {
    return answer_other(error.what());
  } catch (...) {
    return answer_other("an exception of no known type");
  }
}

}  // namespace topobathy
