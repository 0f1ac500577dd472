#pragma once

#include <string>

#include <cpl_error.h>

namespace topobathy {

/// Keeps GDAL's messages of this thread from the log and remembers the first failure, for a message
/// of our own. GDAL's last-error state is as before when it is gone. Scoped, nestable.
class QuietGdalErrors {
 public:
  QuietGdalErrors();
  ~QuietGdalErrors();
  QuietGdalErrors(const QuietGdalErrors&) = delete;
  QuietGdalErrors& operator=(const QuietGdalErrors&) = delete;

  /// GDAL's first failure since construction, on one line; `otherwise` if it said nothing.
  std::string reason(const std::string& otherwise) const;

 private:
  static void CPL_STDCALL handle(CPLErr severity, CPLErrorNum number, const char* message);

  CPLErr last_type_;
  CPLErrorNum last_number_;
  std::string last_message_;
  std::string first_failure_;
};

}  // namespace topobathy
