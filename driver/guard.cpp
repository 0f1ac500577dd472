#include "driver/guard.h"

#include <new>

#include "fusion/error.h"

namespace topobathy {
namespace {

void CPL_STDCALL pass_all_but_failures(CPLErr severity, CPLErrorNum number, const char* message) {
  if (severity == CE_Failure)
    CPLDebug("TOPOBATHY", "Below: %s", message);
  else
    CPLCallPreviousHandler(severity, number, message);
}

CPLErrorNum gdal_number(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::kPolicy: return CPLE_AppDefined;
    case ErrorCode::kUsage: return CPLE_IllegalArg;
    case ErrorCode::kNotFound: return CPLE_OpenFailed;
    case ErrorCode::kUnreadable: return CPLE_FileIO;
    case ErrorCode::kUnsupported: return CPLE_NotSupported;
    case ErrorCode::kCache: return CPLE_FileIO;
    case ErrorCode::kCancelled: return CPLE_UserInterrupt;
    case ErrorCode::kInternal: return CPLE_AssertionFailed;
  }
  return CPLE_AppDefined;
}

}  // namespace

QuietFailures::QuietFailures() { CPLPushErrorHandler(pass_all_but_failures); }
QuietFailures::~QuietFailures() { CPLPopErrorHandler(); }

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
