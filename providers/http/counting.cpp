#include "providers/http/counting.h"

#include <atomic>

namespace topobathy {
namespace {

std::atomic<std::uint64_t> requests{0}, retries{0}, bytes_received{0}, downloads{0};

}  // namespace

HttpCounts http_counts() noexcept {
  return {requests, retries, bytes_received, downloads};
}

void count_request() noexcept {
  ++requests;
}
void count_retry() noexcept {
  ++retries;
}
void count_bytes(std::uint64_t bytes) noexcept {
  bytes_received += bytes;
}
void count_download() noexcept {
  ++downloads;
}

}  // namespace topobathy
