#include "utils/gdal_messages.h"

#include <algorithm>
#include <cstdio>
#include <string>

namespace topobathy {
namespace {

void CPL_STDCALL tell(CPLErr severity, CPLErrorNum number, const char* message) {
  if (severity == CE_Debug || severity == CE_Fatal) {
    CPLDefaultErrorHandler(severity, number, message);
    return;
  }
  if (severity != CE_Warning) {
    CPLDebug("TOPOBATHY", "Reported by GDAL: %s", message);
    return;
  }
  std::string line = message;
  std::replace(line.begin(), line.end(), '\n', ' ');
  std::fprintf(stderr, "topobathy: warning: %s\n", line.c_str());
}

}  // namespace

GdalMessages::GdalMessages() : before_(CPLSetErrorHandler(tell)) {}

GdalMessages::~GdalMessages() {
  CPLSetErrorHandler(before_);
}

}  // namespace topobathy
