#pragma once

#include <cstdint>

namespace topobathy {

/// What the HTTP clients of this process have done (GDAL's own /vsicurl is not among it).
struct HttpCounts {
  std::uint64_t requests = 0;   ///< sent to a server, each try and each redirect for itself
  std::uint64_t retries = 0;    ///< of them again after a failure
  std::uint64_t bytes = 0;      ///< of bodies received, decoded
  std::uint64_t downloads = 0;  ///< files finished
};

/// A snapshot. Thread-safe.
HttpCounts http_counts() noexcept;

void count_request() noexcept;
void count_retry() noexcept;
void count_bytes(std::uint64_t bytes) noexcept;
void count_download() noexcept;

}  // namespace topobathy
