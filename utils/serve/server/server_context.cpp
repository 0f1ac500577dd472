#include "utils/serve/server/server_context.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <random>
#include <utility>

namespace topobathy {
namespace {

constexpr std::size_t kQuickThreads = 4;

/// Tells the processes apart in what they name.
std::string random_name() {
  std::random_device random;
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%08x", static_cast<unsigned>(random()));
  return text.data();
}

}  // namespace

ServerContext::ServerContext(Routes routes, HttpServer::Setup server_setup)
    : setup(std::move(server_setup)),
      door(std::move(routes), setup.guard),
      process_id(random_name()),
      // A connection has one request at a time.
      quick(kQuickThreads, static_cast<std::size_t>(setup.limits.connections) * 2),
      heavy(static_cast<std::size_t>(setup.limits.heavy_at_once),
            static_cast<std::size_t>(setup.limits.heavy_waiting)),
      hub(io, quick, setup.times.look, setup.times.ping) {}

void ServerContext::enter(Connection& connection) {
  connections.insert(&connection);
  state().connections = connections.size();
}

void ServerContext::exit(Connection& connection) {
  connections.erase(&connection);
  state().connections = connections.size();
  place_may_be_free();
}

std::list<Connection*>::iterator ServerContext::enter_idle(Connection& connection) {
  const auto place = idle.insert(idle.end(), &connection);
  place_may_be_free();
  return place;
}

Connection* ServerContext::dispensable() const {
  const auto found = std::find_if(idle.begin(), idle.end(), [](const Connection* connection) {
    return connection->may_make_place();
  });
  return found == idle.end() ? nullptr : *found;
}

std::string ServerContext::next_request_id() {
  return process_id + '-' + std::to_string(++requests);
}

void ServerContext::count_request() {
  if (setup.most_requests > 0 && requests >= setup.most_requests && !leaving) had_enough();
}

}  // namespace topobathy
