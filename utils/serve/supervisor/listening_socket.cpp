#include "utils/serve/supervisor/listening_socket.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "fusion/error.h"

namespace topobathy {
namespace {

using AddressInfo = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

AddressInfo resolve_host(const std::string& host, int port) {
  addrinfo wanted{}, *found = nullptr;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
  if (error != 0)
    throw Error(ErrorCode::kUsage, "--host " + host + ": " + ::gai_strerror(error) +
                                       "; give an address of this machine, 127.0.0.1 for itself "
                                       "alone, 0.0.0.0 for all");
  return {found, &::freeaddrinfo};
}

[[noreturn]] void fail_to_listen(const std::string& host, int port, int error) {
  const std::string what = host + ':' + std::to_string(port) + ": " + std::strerror(error);
  if (error == EADDRINUSE)
    throw Error(ErrorCode::kInternal, "cannot listen at " + what + "; choose another --port");
  if (error == EACCES)
    throw Error(ErrorCode::kInternal,
                "cannot listen at " + what + "; ports below 1024 are the administrator's");
  throw Error(ErrorCode::kUsage, "cannot listen at " + what);
}

/// "127.0.0.1" or "[::1]", and the port.
std::pair<std::string, int> place_of(int socket) {
  sockaddr_storage place{};
  socklen_t size = sizeof(place);
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&place), &size);
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (place.ss_family == AF_INET6) {
    const auto& address = reinterpret_cast<const sockaddr_in6&>(place);
    ::inet_ntop(AF_INET6, &address.sin6_addr, text.data(), text.size());
    return {'[' + std::string(text.data()) + ']', ntohs(address.sin6_port)};
  }
  const auto& address = reinterpret_cast<const sockaddr_in&>(place);
  ::inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size());
  return {text.data(), ntohs(address.sin_port)};
}

bool is_loopback_place(const std::string& address) {
  return address.rfind("127.", 0) == 0 || address == "[::1]" ||
         address.rfind("[::ffff:127.", 0) == 0;
}

}  // namespace

ListeningSocket::ListeningSocket(const std::string& host, int port) {
  const AddressInfo places = resolve_host(host, port);
  const addrinfo& place = *places;
  socket_ = ::socket(place.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket_ < 0) fail_to_listen(host, port, errno);
  const int on = 1, off = 0;
  ::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (place.ai_family == AF_INET6)  // "::" is for IPv4 too
    ::setsockopt(socket_, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
  if (::bind(socket_, place.ai_addr, place.ai_addrlen) != 0 || ::listen(socket_, SOMAXCONN) != 0) {
    const int error = errno;
    close();
    fail_to_listen(host, port, error);
  }
  const auto [address, bound_port] = place_of(socket_);
  is_loopback_ = is_loopback_place(address);
  url_ = "http://" + address + ':' + std::to_string(bound_port);
}

void ListeningSocket::close() {
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

}  // namespace topobathy
