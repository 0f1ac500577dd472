#pragma once

#include <string>

namespace topobathy {

/// A socket that waits for connections. Not inherited by programs that are started, but by
/// processes that are forked.
class ListeningSocket {
 public:
  /// \param host an address or a name of this machine  \param port 0 = any that is free
  /// \throws Error(kUsage): the host is none of this machine; Error(kInternal): the port is taken
  ListeningSocket(const std::string& host, int port);
  ~ListeningSocket() { close(); }
  ListeningSocket(const ListeningSocket&) = delete;
  ListeningSocket& operator=(const ListeningSocket&) = delete;

  int descriptor() const noexcept { return socket_; }
  bool is_loopback() const noexcept { return is_loopback_; }
  /// "http://127.0.0.1:9595"
  const std::string& url() const noexcept { return url_; }
  void close();

 private:
  int socket_ = -1;
  bool is_loopback_ = false;
  std::string url_;
};

}  // namespace topobathy
