#include "driver/guard.h"

#include <new>

#include "fusion/error.h"

namespace topobathy {
namespace {

CPLErrorNum gdal_number(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::kPolicy:
      return CPLE_AppDefined;
    case ErrorCode::kUsage:
      return CPLE_IllegalArg;
    case ErrorCode::kNotFound:
      return CPLE_OpenFailed;
    case ErrorCode::kUnreadable:
      return CPLE_FileIO;
    case ErrorCode::kUnsupported:
      return CPLE_NotSupported;
    case ErrorCode::kCache:
      return CPLE_FileIO;
    case ErrorCode::kCancelled:
      return CPLE_UserInterrupt;
    case ErrorCode::kInternal:
      return CPLE_AssertionFailed;
  }
  return CPLE_AppDefined;
}

}  // namespace

QuietFailures::QuietFailures() {
  state_.emplace();
  CPLPushErrorHandlerEx(sort, this);
  CPLSetCurrentErrorHandlerCatchDebug(FALSE);
}

QuietFailures::~QuietFailures() {
  CPLPopErrorHandler();
  state_.reset();
  for (const auto& [number, message] : warnings_)
    CPLError(CE_Warning, number, "%s", message.c_str());
}

void CPL_STDCALL QuietFailures::sort(CPLErr severity, CPLErrorNum number, const char* message) {
  auto* self = static_cast<QuietFailures*>(CPLGetErrorHandlerUserData());
  if (severity == CE_Warning)
    self->warnings_.emplace_back(number, message);
  else
    CPLDebug("TOPOBATHY", "Reported by GDAL: %s", message);
}

void report_exception(const std::exception& exception) noexcept {
  if (const auto* error = dynamic_cast<const Error*>(&exception))
    CPLError(CE_Failure, gdal_number(error->code()), "%s", error->what());
  else if (dynamic_cast<const std::bad_alloc*>(&exception) != nullptr)
    CPLError(CE_Failure, CPLE_OutOfMemory,
             "Out of memory in the TOPOBATHY driver. Read smaller windows or lower NUM_THREADS.");
  else
    CPLError(CE_Failure, CPLE_AssertionFailed, "Internal error of the TOPOBATHY driver: %s",
             exception.what());
}

void report_unknown_exception() noexcept {
  CPLError(CE_Failure, CPLE_AssertionFailed, "Internal error of the TOPOBATHY driver");
}

}  // namespace topobathy
