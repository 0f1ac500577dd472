#include "providers/raster/gdal_errors.h"

#include <algorithm>

#include "providers/http/signed_paths.h"

namespace topobathy {

QuietGdalErrors::QuietGdalErrors()
    : last_type_(CPLGetLastErrorType()),
      last_number_(CPLGetLastErrorNo()),
      last_message_(CPLGetLastErrorMsg()) {
  CPLPushErrorHandlerEx(&QuietGdalErrors::handle, this);
}

QuietGdalErrors::~QuietGdalErrors() {
  CPLPopErrorHandler();
  CPLErrorSetState(last_type_, last_number_, last_message_.c_str());
}

std::string QuietGdalErrors::reason(const std::string& otherwise) const {
  return first_failure_.empty() ? otherwise : first_failure_;
}

void CPL_STDCALL QuietGdalErrors::handle(CPLErr severity, CPLErrorNum, const char* message) {
  if (severity < CE_Failure || message == nullptr) return;
  auto* const self = static_cast<QuietGdalErrors*>(CPLGetErrorHandlerUserData());
  if (!self->first_failure_.empty()) return;
  self->first_failure_ = without_queries(message);
  std::replace(self->first_failure_.begin(), self->first_failure_.end(), '\n', ' ');
}

}  // namespace topobathy
