#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <unordered_set>

#include "utils/serve/server/follow_hub.h"
#include "utils/serve/server/front_door.h"
#include "utils/serve/server/http_server.h"
#include "utils/serve/server/work_queue.h"

namespace topobathy {

/// A connection as the server sees it, whatever is spoken on it.
class Connection {
 public:
  virtual ~Connection() = default;
  /// The server ends: finish what is under way, begin nothing.
  virtual void leave() = 0;
  /// At once.
  virtual void close() = 0;
  /// Of one that waits for a request: whether it may be closed where another needs its place. One
  /// that was just accepted may not: its first request is on its way.
  virtual bool may_make_place() const { return false; }
};

/// What the connections of one server share. Used by the thread of `io` alone, but for the queues.
struct ServerContext {
  ServerContext(Routes routes, HttpServer::Setup setup);

  WorkerState& state() { return setup.shared->workers.at(setup.worker); }
  void enter(Connection& connection);
  void exit(Connection& connection);
  /// A connection that waits for its next request.
  std::list<Connection*>::iterator enter_idle(Connection& connection);
  /// The longest idle one of those that may make place for a new one; null if none may.
  Connection* dispensable() const;
  std::string next_request_id();
  void count_request();

  const HttpServer::Setup setup;
  const FrontDoor door;
  const std::string process_id;
  bool leaving = false;
  std::uint64_t requests = 0;
  std::unordered_set<Connection*> connections;
  std::list<Connection*> idle;
  std::function<void()> place_may_be_free = [] {};  ///< a connection has ended, or become idle
  std::function<void()> had_enough = [] {};         ///< of requests
  // Handlers that are never called hold connections, which tell the members above of their end.
  boost::asio::io_context io{1};
  WorkQueue quick, heavy;  ///< end before io: what they run tells it
  FollowHub hub;
};

}  // namespace topobathy
