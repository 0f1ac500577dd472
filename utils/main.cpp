#include <cstdio>
#include <exception>

#include "utils/exit_status.h"
#include "utils/program.h"

int main(int argc, char** argv) {
  try {
    return topobathy::run_program(argc, argv);
  } catch (const std::exception& exception) {
    std::fprintf(stderr, "topobathy: internal error: %s\n", exception.what());
    return topobathy::kExitFailure;
  }
}
