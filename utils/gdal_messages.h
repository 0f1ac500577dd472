#pragma once

#include <cpl_error.h>

namespace topobathy {

/// While it lives, what GDAL has to say on any thread goes to stderr as one line: warnings as ours,
/// failures to the debug log only, as they reach the user through the Error they cause.
class GdalMessages {
 public:
  GdalMessages();
  ~GdalMessages();
  GdalMessages(const GdalMessages&) = delete;
  GdalMessages& operator=(const GdalMessages&) = delete;

 private:
  CPLErrorHandler before_;
};

}  // namespace topobathy
