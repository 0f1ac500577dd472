#include "utils/serve/server/shared_state.h"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <new>

#include "fusion/error.h"

namespace topobathy {

void RouteCounts::note(int status, std::uint64_t took_microseconds,
                       std::uint64_t sent_bytes) noexcept {
  const auto* const known = std::find(kCountedStatuses.begin(), kCountedStatuses.end(), status);
  const auto place = known == kCountedStatuses.end() ? 0 : known - kCountedStatuses.begin();
  const double seconds = static_cast<double>(took_microseconds) / 1e6;
  const auto* const end = std::lower_bound(kDurationEnds.begin(), kDurationEnds.end(), seconds);
  answers.at(static_cast<std::size_t>(place)).fetch_add(1, std::memory_order_relaxed);
  durations.at(static_cast<std::size_t>(end - kDurationEnds.begin()))
      .fetch_add(1, std::memory_order_relaxed);
  microseconds.fetch_add(took_microseconds, std::memory_order_relaxed);
  bytes.fetch_add(sent_bytes, std::memory_order_relaxed);
}

void WorkerState::reset() noexcept {
  pid = 0;
  ready = leaving = false;
  connections = web_sockets = event_streams = heavy_running = heavy_waiting = 0;
}

void UnmapSharedState::operator()(SharedState* state) const noexcept {
  ::munmap(state, sizeof(SharedState));  // it holds nothing that needs a destructor
}

SharedStatePointer make_shared_state() {
  void* const memory = ::mmap(nullptr, sizeof(SharedState), PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    throw Error(ErrorCode::kInternal, std::string("no memory to share: ") + std::strerror(errno));
  SharedStatePointer state(new (memory) SharedState());
  state->started = std::time(nullptr);
  return state;
}

}  // namespace topobathy
