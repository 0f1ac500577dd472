#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace topobathy {

/// When a process started: field 22 of /proc/<pid>/stat, clock ticks since the machine did.
/// Nothing: there is no such process, or it has ended and waits for its parent (a zombie).
std::optional<std::uint64_t> process_start_ticks(pid_t process);
/// The same as nanoseconds since 1970, exact to about a tick.
std::optional<std::int64_t> process_start_time(pid_t process);

/// Whether this machine can say which processes live (/proc is there).
bool can_see_processes() noexcept;

}  // namespace topobathy
