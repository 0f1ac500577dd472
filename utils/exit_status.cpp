#include "utils/exit_status.h"

namespace topobathy {

int exit_status(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::kPolicy:
      return kExitPolicy;
    case ErrorCode::kUsage:
      return kExitUsage;
    case ErrorCode::kNotFound:
    case ErrorCode::kUnreadable:
    case ErrorCode::kUnsupported:
    case ErrorCode::kCache:
    case ErrorCode::kCancelled:
    case ErrorCode::kInternal:
      break;
  }
  return kExitFailure;
}

}  // namespace topobathy
