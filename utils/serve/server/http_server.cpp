#include "utils/serve/server/http_server.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>
#include <vector>

#include "fusion/error.h"
#include "utils/serve/server/http_session.h"
#include "utils/serve/server/server_context.h"
#include "utils/serve/server/service_log.h"

namespace topobathy {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

/// Until a process that has run out of file descriptors tries again.
constexpr std::chrono::milliseconds kBreath{100};

HttpSession::Peer peer_of(const tcp::endpoint& endpoint) {
  asio::ip::address address = endpoint.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  return {address.to_string(), address.is_loopback()};
}

}  // namespace

/// Takes connections, and sees to the end of the server.
class HttpServer::Listener {
 public:
  Listener(Routes routes, Setup setup);
  bool run();

 private:
  void wait_for_client();
  void take_client();
  void look_again();
  void start_session(int socket, const tcp::endpoint& peer);
  bool is_full() const;
  void leave(bool by_itself);
  void close_idle();
  void end_without_connections();

  ServerContext context_;
  tcp::acceptor acceptor_{context_.io};
  tcp protocol_ = tcp::v4();
  asio::signal_set signals_{context_.io, SIGTERM};
  asio::steady_timer breath_{context_.io}, idle_end_{context_.io}, end_{context_.io};
  bool waiting_ = false;     ///< for a client
  bool breathless_ = false;  ///< out of descriptors or memory: nobody is taken for a moment
  bool in_time_ = true;
};

HttpServer::Listener::Listener(Routes routes, Setup setup)
    : context_(std::move(routes), std::move(setup)) {
  // Its own descriptor of the socket: closing it closes nobody else's.
  const int own = ::fcntl(context_.setup.listening_socket, F_DUPFD_CLOEXEC, 0);
  sockaddr_storage place{};
  socklen_t size = sizeof(place);
  auto* const address = reinterpret_cast<sockaddr*>(&place);
  if (own < 0 || ::getsockname(own, address, &size) != 0)
    throw Error(ErrorCode::kInternal, std::string("listening socket: ") + std::strerror(errno));
  if (place.ss_family == AF_INET6) protocol_ = tcp::v6();
  acceptor_.assign(protocol_, own);
  context_.had_enough = [this] { leave(true); };
  signals_.async_wait([this](const boost::system::error_code& error, int) {
    if (!error) leave(false);
  });
}

bool HttpServer::Listener::is_full() const {
  return context_.connections.size() >= static_cast<std::size_t>(context_.setup.limits.connections);
}

/// One connection at a time: other processes that wait on the same socket get theirs.
void HttpServer::Listener::wait_for_client() {
  if (waiting_ || breathless_ || context_.leaving) return;
  if (is_full() && !context_.dispensable()) return look_again();
  waiting_ = true;
  acceptor_.async_wait(tcp::acceptor::wait_read, [this](const boost::system::error_code& error) {
    waiting_ = false;
    if (error || context_.leaving) return;
    take_client();
    wait_for_client();
  });
}

void HttpServer::Listener::take_client() {
  if (is_full()) {
    Connection* const other = context_.dispensable();
    if (!other) return;
    other->close();  // its end comes with its next event
  }
  tcp::endpoint peer;
  auto size = static_cast<socklen_t>(peer.capacity());
  // Not closed on exec, it would be held open by every process that a handler starts.
  const int socket =
      ::accept4(acceptor_.native_handle(), peer.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (socket >= 0) {
    peer.resize(size);
    return start_session(socket, peer);
  }
  if (errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM) return;
  log_event(LogLevel::kWarning, "accept", {{"reason", std::strerror(errno)}});
  if (Connection* const other = context_.dispensable()) other->close();
  breathless_ = true;
  look_again();
}

/// Goes on at once when a connection ends or has been answered; one that was new may be closed
/// only after a while, which nothing else tells.
void HttpServer::Listener::look_again() {
  breath_.expires_after(kBreath);
  breath_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    breathless_ = false;
    wait_for_client();
  });
}

void HttpServer::Listener::start_session(int socket, const tcp::endpoint& peer) {
  boost::system::error_code error;
  tcp::socket client(context_.io);
  client.assign(protocol_, socket, error);
  if (error) {
    ::close(socket);
    return;
  }
  client.set_option(tcp::no_delay(true), error);
  std::make_shared<HttpSession>(context_, std::move(client), peer_of(peer))->start();
}

/// No new connections; those that are busy end with the answer in hand. A server that ends as a
/// whole first takes those that the kernel has already accepted for it.
void HttpServer::Listener::leave(bool by_itself) {
  if (std::exchange(context_.leaving, true)) return;
  context_.state().leaving = true;
  log_event(LogLevel::kInfo, "leaving", {{"worker", context_.setup.worker + 1}});
  for (int left = by_itself ? 0 : context_.setup.limits.connections; left > 0; --left) {
    const std::size_t before = context_.connections.size();
    take_client();
    if (context_.connections.size() <= before) break;
  }
  boost::system::error_code ignored;
  breath_.cancel();
  acceptor_.close(ignored);
  signals_.cancel(ignored);
  context_.hub.stop();
  for (Connection* connection :
       std::vector<Connection*>(context_.connections.begin(), context_.connections.end()))
    connection->leave();
  close_idle();
  end_.expires_after(context_.setup.times.leave);
  end_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    in_time_ = false;
    context_.io.stop();
  });
  if (context_.connections.empty()) end_without_connections();
  if (by_itself && context_.setup.leaving) context_.setup.leaving();
}

/// Clients that are about to send a request on an idle connection get a moment to do so.
void HttpServer::Listener::close_idle() {
  idle_end_.expires_after(context_.setup.times.leave_idle);
  idle_end_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    for (Connection* connection :
         std::vector<Connection*>(context_.idle.begin(), context_.idle.end()))
      connection->close();
  });
}

void HttpServer::Listener::end_without_connections() {
  idle_end_.cancel();
  end_.cancel();
}

bool HttpServer::Listener::run() {
  wait_for_client();
  context_.state().ready = true;
  log_event(LogLevel::kInfo, "worker_ready", {{"worker", context_.setup.worker + 1}});
  context_.place_may_be_free = [this] {
    if (!context_.leaving)
      wait_for_client();
    else if (context_.connections.empty())
      end_without_connections();
  };
  context_.io.run();
  return in_time_;
}

HttpServer::HttpServer(Routes routes, Setup setup)
    : listener_(std::make_unique<Listener>(std::move(routes), std::move(setup))) {}

HttpServer::~HttpServer() = default;

bool HttpServer::run() {
  return listener_->run();
}

}  // namespace topobathy
