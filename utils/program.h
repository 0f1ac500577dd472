#pragma once

namespace topobathy {

/// The topobathy program. \returns the exit status (exit_status.h)
int run_program(int argc, const char* const* argv);

}  // namespace topobathy
