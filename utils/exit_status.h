#pragma once

#include "fusion/error.h"

/// What the program tells its caller (docs/program.md, Exit status).
namespace topobathy {

constexpr int kExitOk = 0;
constexpr int kExitFailure = 1;        ///< a file, a cache or a read failed
constexpr int kExitUsage = 2;          ///< the command line is wrong
constexpr int kExitPolicy = 3;         ///< a policy is wrong
constexpr int kExitPartly = 4;         ///< done in part: the rest needs what is not there now
constexpr int kExitDamage = 5;         ///< a check of the cache found what is corrupt or stale
constexpr int kExitInterrupted = 130;  ///< stopped before the end; can be gone on with

int exit_status(ErrorCode code) noexcept;

}  // namespace topobathy
