#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "providers/http/clock.h"
#include "providers/http/curl_pool.h"
#include "providers/http/exchange.h"
#include "utils/remote/server_address.h"

namespace topobathy {

struct ServerAnswer {
  int status = 0;
  std::string body;
  bool ok() const noexcept { return status >= 200 && status < 300; }
};

/// Asks a server of ours. Unlike the archives' client it hands out every answer that another try
/// would not change, with its body, and sends a token. Redirects are not followed: a token is for
/// one server. Thread-safe.
class ServerClient {
 public:
  struct Setup {
    ServerAddress address;
    HttpLimits limits;  ///< attempts, times, requests at once
    Clock* clock = &system_clock();
    std::function<bool()> stopped;  ///< true: give up, waiting included
  };
  explicit ServerClient(Setup setup);

  /// `path`: "/hydrate". What may pass (429 and 503 with their Retry-After, other 5xx, broken
  /// connections) is tried again, of a POST only what has surely begun nothing.
  /// \throws Error(kUnreadable): no answer, or one longer than `max_bytes`; Error(kCancelled)
  ServerAnswer ask(HttpRequest::Method method, const std::string& path,
                   const std::string& body = "", std::uint64_t max_bytes = std::uint64_t{16} << 20);
  const ServerAddress& address() const noexcept { return setup_.address; }

 private:
  /// One try.
  struct Outcome {
    ServerAnswer answer;
    std::string retry_after;
    std::string problem;  ///< why there is no answer; "" = there is
    CURLcode code = CURLE_OK;
  };
  Outcome attempt(const Exchange& wanted, std::uint64_t max_bytes);

  const Setup setup_;
  CurlPool pool_;
};

/// What a refusal says: "HTTP 422: bbox: field required", from its JSON where it has some.
std::string refusal_text(const ServerAnswer& answer);

}  // namespace topobathy
