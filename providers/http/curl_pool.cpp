#include "providers/http/curl_pool.h"

#include <utility>

#include "fusion/error.h"

namespace topobathy {
namespace {

CurlHandle new_handle() {
  // Once a process, and never undone: other users of libcurl may be at work.
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  CurlHandle handle(started == CURLE_OK ? curl_easy_init() : nullptr);
  if (!handle) throw Error(ErrorCode::kInternal, "libcurl cannot be started");
  return handle;
}

}  // namespace

CurlPool::CurlPool(int per_server) : per_server_(per_server) {}
CurlPool::~CurlPool() = default;

CurlPool::Loan CurlPool::borrow(const std::string& origin) {
  std::unique_lock<std::mutex> lock(mutex_);
  Server& server = servers_[origin];  // never erased
  returned_.wait(lock, [&] { return server.busy < per_server_; });
  CurlHandle handle;
  if (server.idle.empty()) {
    handle = new_handle();
    server.idle.reserve(static_cast<std::size_t>(per_server_));
  } else {
    handle = std::move(server.idle.back());
    server.idle.pop_back();
    curl_easy_reset(handle.get());  // keeps the connection
  }
  ++server.busy;
  return {*this, origin, std::move(handle)};
}

void CurlPool::give(const std::string& origin, CurlHandle handle) noexcept {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    Server& server = servers_.find(origin)->second;
    --server.busy;
    server.idle.push_back(std::move(handle));  // room is reserved
  }
  returned_.notify_all();
}

}  // namespace topobathy
