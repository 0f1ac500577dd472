#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "utils/serve/route.h"
#include "utils/serve/server/guard.h"
#include "utils/serve/server/shared_state.h"
#include "utils/serve/settings.h"

namespace topobathy {

/// How long the server waits for whom.
struct ServerTimes {
  using Seconds = std::chrono::seconds;
  using Milliseconds = std::chrono::milliseconds;

  Seconds idle{75};                ///< a connection without a request
  Milliseconds first{1'000};       ///< so long a new one keeps its place without a request
  Milliseconds head{10'000};       ///< from a request's first byte to the end of its head
  Milliseconds body{30'000};       ///< from there to the end of its body
  Seconds write{30};               ///< for a client to take any of what is sent
  Milliseconds linger{2'000};      ///< for a refused client to stop sending
  Seconds leave{30};               ///< for what runs when the server is told to end
  Milliseconds leave_idle{1'000};  ///< then, for clients to notice that a connection ends
  Milliseconds look{250};          ///< between two looks at what is followed
  Seconds ping{20};                ///< between two signs of life of a stream of events
};

/// One process's server: HTTP/1.1, WebSockets, streams of events. One thread does all input and
/// output; handlers run on others. It takes connections from a listening socket that it may share
/// with other processes.
class HttpServer {
 public:
  struct Setup {
    int listening_socket = -1;  ///< non-blocking; stays the caller's
    Guard::Setup guard;
    ServiceLimits limits;
    ServerTimes times;
    std::uint64_t most_requests = 0;  ///< then it leaves; 0 = never
    SharedState* shared = nullptr;
    std::size_t worker = 0;         ///< which of the shared workers it is
    std::function<void()> leaving;  ///< called when it leaves of its own accord
  };
  /// \throws Error(kInternal)
  HttpServer(Routes routes, Setup setup);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Serves until SIGTERM, or until most_requests are answered, and what runs has ended.
  /// \returns false: something did not end in time; its threads still run, so that the process can
  /// only be left by _exit()
  bool run();

 private:
  class Listener;
  std::unique_ptr<Listener> listener_;
};

}  // namespace topobathy
