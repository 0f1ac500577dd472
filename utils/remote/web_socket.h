#pragma once

#include <chrono>
#include <memory>
#include <string>

namespace topobathy {

/// A WebSocket of a server, as a client that only listens. Not thread-safe; no thread of its own.
class WebSocket {
 public:
  struct Target {
    std::string host;  ///< an IPv6 address in brackets
    std::string port;
    std::string path;           ///< "/..." with query
    std::string authorization;  ///< value of that header, "" = none
    bool secure = false;        ///< wss, the certificate is checked
  };
  enum class Event { kNothing, kMessage, kClosed };
  struct Heard {
    Event event = Event::kNothing;
    std::string text;  ///< the message; of kClosed why, for people
  };

  /// Connects. \throws Error(kUnreadable): it is refused, or there is no answer within the time
  WebSocket(const Target& target, std::chrono::milliseconds patience);
  ~WebSocket();
  WebSocket(const WebSocket&) = delete;
  WebSocket& operator=(const WebSocket&) = delete;

  /// The next message, or nothing within the time. A message of more than 1 MiB, or a peer that
  /// does not answer to pings, closes it. After kClosed nothing else comes.
  Heard wait(std::chrono::milliseconds patience);

  class Channel;

 private:
  std::unique_ptr<Channel> channel_;
};

}  // namespace topobathy
