#pragma once

#include <string>

namespace topobathy {

struct JobVerdict {
  enum class State { kSound, kDamaged, kDead };
  State state = State::kSound;
  std::string what;
};

/// A state file of a hydration: that it is one, and, where it says that the job runs, whether the
/// process is still the one that wrote it (number and start: numbers come again).
JobVerdict check_job(const std::string& path);

/// Writes that a dead job has failed, all else as it was; a job that has meanwhile said how it
/// ended is left alone. \throws Error(kCache)
void mark_job_dead(const std::string& path);

}  // namespace topobathy
