#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "utils/serve/route.h"
#include "utils/serve/server/guard.h"
#include "utils/serve/server/router.h"

namespace topobathy {

/// The head of a request as it came.
struct RequestHead {
  std::string method;  ///< "GET", "HEAD", ...
  std::string target;
  std::map<std::string, std::string> headers;  ///< names in lower case
  bool peer_is_loopback = false;
  bool is_old = false;  ///< HTTP/1.0
};

/// What becomes of it, before its body is read.
struct Admission {
  const Route* route = nullptr;
  std::size_t index = 0;                 ///< of the route, where there is one
  ServiceRequest request;                ///< without its body
  std::optional<ServiceAnswer> refused;  ///< then nothing else is done
  /// Of a route that may only read (Route::only_reads): what it is answered if it would change
  /// something, which its body says.
  std::optional<ServiceAnswer> refused_change;
};

/// The one way in: addresses are decoded, routes found, and who may not ask is refused. Immutable,
/// thread-safe.
class FrontDoor {
 public:
  /// \throws Error(kInternal): the routes contradict each other
  FrontDoor(Routes routes, const Guard::Setup& guard);

  Admission admit(const RequestHead& head) const;
  const Routes& routes() const noexcept { return router_.routes(); }

 private:
  void find_route(const RequestHead& head, Admission& admission) const;
  std::optional<ServiceAnswer> refuse(const RequestHead& head, const Route* route,
                                      bool changes) const;
  void ask_guard(const RequestHead& head, Admission& admission) const;

  const Router router_;
  const Guard guard_;
};

/// Whether a route is a WebSocket (its path ends in "/ws"); the other followed ones are streams of
/// events.
bool is_web_socket(const Route& route);

}  // namespace topobathy
