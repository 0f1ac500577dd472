#pragma once

#include <cstddef>
#include <functional>

namespace topobathy {

/// Processors this process may use, at least 1.
std::size_t processor_count() noexcept;

/// Runs task(0..count-1) on up to `threads` threads, the caller's among them, in ascending order of
/// starting. Returns when all have ended; after a task has thrown no other is started, and the
/// exception of the lowest such task is rethrown here. No thread outlives the call: the plugin can
/// be unloaded at any moment when no read is under way.
void parallel_for(std::size_t count, std::size_t threads,
                  const std::function<void(std::size_t)>& task);

}  // namespace topobathy
