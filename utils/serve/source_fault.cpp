#include "utils/serve/source_fault.h"

#include <cpl_error.h>

#include <string>
#include <utility>

namespace topobathy {
namespace {

constexpr int kSourceRetrySeconds = 30;

std::string of_step(const Error& error) {
  return error.step().empty() ? "a source of the policy"
                              : "a source of step '" + error.step() + "'";
}

std::string in_line(const Place& place) {
  if (place.line == 0) return "";
  return " (line " + std::to_string(place.line) + ", column " + std::to_string(place.column) + ")";
}

}  // namespace

HttpError source_fault(const Error& error) {
  switch (error.code()) {
    case ErrorCode::kUsage:
      return {400, error.message()};
    case ErrorCode::kPolicy:
      return {503, "the policy cannot be used" + in_line(error.place()) +
                       "; who runs this server finds the reason with `topobathy validate`"};
    case ErrorCode::kNotFound:
    case ErrorCode::kUnreadable:
      return {502,
              of_step(error) +
                  " cannot be read now; try again later (the reason is known to who runs this "
                  "server)",
              kSourceRetrySeconds};
    case ErrorCode::kUnsupported:
      return {500, of_step(error) + ", or this format, is not supported by this server"};
    case ErrorCode::kCancelled:
      return {503, "the work was stopped: nobody waited for it"};
    default:
      return {500, "the server has failed; the reason is known to who runs it"};
  }
}

void tell_source_fault(const ServiceRequest& request, const Error& error) {
  if (error.code() != ErrorCode::kUsage && error.code() != ErrorCode::kCancelled)
    CPLError(CE_Warning, CPLE_AppDefined, "%s: %s", request.path.c_str(), error.what());
  throw source_fault(error);
}

}  // namespace topobathy
