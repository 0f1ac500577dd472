#pragma once

#include <cstddef>
#include <cstdint>

namespace topobathy {

// What a client may send beside the limits that ServiceLimits lets an operator choose.

/// Of a request's first line and headers. A policy may stand in the address.
constexpr std::uint32_t kMostHeadBytes = std::uint32_t{64} << 10;
constexpr std::size_t kReadBytes = std::size_t{16} << 10;
/// After a refusal, before the connection is cut.
constexpr std::size_t kMostDiscardedBytes = std::size_t{4} << 20;
/// Then the client connects anew, perhaps to another process: load evens out.
constexpr std::uint64_t kMostRequestsOfAConnection = 10'000;
/// Of a message on a WebSocket: nobody has anything to say there.
constexpr std::size_t kMostMessageBytes = std::size_t{4} << 10;

}  // namespace topobathy
