#include "utils/standard_output.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "utils/exit_status.h"

namespace topobathy {

int write_standard_output(const std::string& text, int status) {
  errno = 0;
  const bool written =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (written || errno == EPIPE) return status;
  std::fprintf(stderr, "topobathy: cannot write to standard output: %s\n", std::strerror(errno));
  return kExitFailure;
}

}  // namespace topobathy
