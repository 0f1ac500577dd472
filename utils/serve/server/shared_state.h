#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace topobathy {

/// Upper ends of the classes of durations, seconds; one more class has the rest.
constexpr std::array<double, 15> kDurationEnds = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0};
/// Statuses that are counted for themselves; what is none of them counts as 0.
constexpr std::array<int, 27> kCountedStatuses = {0,   101, 200, 202, 204, 206, 302, 304, 307,
                                                  308, 400, 401, 403, 404, 405, 408, 409, 413,
                                                  415, 417, 422, 426, 429, 431, 500, 502, 503};
constexpr std::size_t kMostRoutes = 128;
constexpr std::size_t kNoRoute = kMostRoutes;  ///< counts what was refused before a route was found
constexpr std::size_t kMostWorkers = 64;

using SharedCount = std::atomic<std::uint64_t>;
static_assert(SharedCount::is_always_lock_free, "counted in memory that processes share");

struct RouteCounts {
  std::array<SharedCount, kCountedStatuses.size()> answers{};
  std::array<SharedCount, kDurationEnds.size() + 1> durations{};
  SharedCount microseconds{0}, bytes{0};

  void note(int status, std::uint64_t took_microseconds, std::uint64_t sent_bytes) noexcept;
};

/// What one worker process says of itself. Set to zero when another process takes its place.
struct WorkerState {
  std::atomic<std::int64_t> pid{0};
  std::atomic<bool> ready{false};    ///< it answers
  std::atomic<bool> leaving{false};  ///< it accepts no more: another may take its place
  SharedCount connections{0}, web_sockets{0}, event_streams{0}, heavy_running{0}, heavy_waiting{0};

  void reset() noexcept;
};

/// Memory that the supervisor and its workers share. Everything in it is atomic.
struct SharedState {
  std::array<RouteCounts, kMostRoutes + 1> routes{};
  std::array<WorkerState, kMostWorkers> workers{};
  SharedCount workers_crashed{0}, workers_recycled{0};
  std::int64_t started = 0;  ///< Unix time, seconds; set once, before the first worker
};

struct UnmapSharedState {
  void operator()(SharedState* state) const noexcept;
};
using SharedStatePointer = std::unique_ptr<SharedState, UnmapSharedState>;
/// Shared with every process that is forked from now on. \throws Error(kInternal)
SharedStatePointer make_shared_state();

}  // namespace topobathy
