#pragma once

#include <curl/curl.h>

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace topobathy {

struct FreeCurl {
  void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
using CurlHandle = std::unique_ptr<CURL, FreeCurl>;

/// Handles of libcurl, each with the connection it used last, lent to one thread at a time: so many
/// a server, and who comes later waits. libcurl's own sharing of connections between handles
/// (CURLSH) is not safe between threads. Thread-safe.
class CurlPool {
 public:
  explicit CurlPool(int per_server);
  ~CurlPool();

  class Loan {
   public:
    Loan(CurlPool& pool, std::string origin, CurlHandle handle)
        : pool_(pool), origin_(std::move(origin)), handle_(std::move(handle)) {}
    ~Loan() { pool_.give(origin_, std::move(handle_)); }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    CURL* get() const noexcept { return handle_.get(); }

   private:
    CurlPool& pool_;
    const std::string origin_;
    CurlHandle handle_;
  };

  /// A handle without options for the server ("https://host:443"). Who holds a loan must not ask
  /// for a second one.
  Loan borrow(const std::string& origin);

 private:
  struct Server {
    int busy = 0;
    std::vector<CurlHandle> idle;
  };
  void give(const std::string& origin, CurlHandle handle) noexcept;

  const int per_server_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::map<std::string, Server> servers_;
};

}  // namespace topobathy
