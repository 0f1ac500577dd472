#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <thread>

namespace topobathy::datum_test {

/// A web server on the loopback interface that serves bytes by path, also by range; for what PROJ
/// asks by itself. One connection at a time, one answer a connection.
class LoopbackFiles {
 public:
  LoopbackFiles() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    ::bind(socket_, generic, size);
    ::getsockname(socket_, generic, &size);
    port_ = ntohs(address.sin_port);
    ::listen(socket_, 16);
    thread_ = std::thread([this] { serve(); });
  }
  ~LoopbackFiles() {
    ending_ = true;
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  void put(const std::string& path, std::string body) {
    const std::lock_guard<std::mutex> lock(mutex_);
    files_[path] = std::move(body);
  }
  /// From now on every answer has this status and no file; 0 = as usual.
  void fail_with(int status) { failing_ = status; }
  int requests() const { return requests_; }
  std::size_t bytes() const { return bytes_; }

 private:
  void serve() {
    while (!ending_) {
      const int client = ::accept(socket_, nullptr, nullptr);
      if (client < 0) continue;
      answer(client);
      ::shutdown(client, SHUT_RDWR);
      ::close(client);
    }
  }

  static std::string read_head(int client) {
    std::string head;
    char buffer[4096];
    while (head.find("\r\n\r\n") == std::string::npos) {
      const ssize_t got = ::recv(client, buffer, sizeof buffer, 0);
      if (got <= 0) break;
      head.append(buffer, static_cast<std::size_t>(got));
    }
    return head;
  }

  void answer(int client) {
    const std::string head = read_head(client);
    if (head.empty()) return;
    ++requests_;
    const std::size_t from = head.find(' ') + 1;
    const std::string path = head.substr(from, head.find(' ', from) - from);
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto known = files_.find(path);
    if (failing_ != 0 || known == files_.end()) {
      send(client, "HTTP/1.1 " + std::to_string(failing_ != 0 ? failing_.load() : 404) +
                       " No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
      return;
    }
    const std::string& body = known->second;
    std::size_t first = 0, last = body.size() - 1;
    std::size_t range = head.find("Range: bytes=");
    if (range == std::string::npos) range = head.find("range: bytes=");
    if (range != std::string::npos) {
      first = std::stoul(head.substr(range + 13));
      last = std::min(last,
                      static_cast<std::size_t>(std::stoul(head.substr(head.find('-', range) + 1))));
    }
    const std::string part = first < body.size() ? body.substr(first, last - first + 1) : "";
    bytes_ += part.size();
    send(client, std::string(range != std::string::npos ? "HTTP/1.1 206 Part" : "HTTP/1.1 200 OK") +
                     "\r\nContent-Range: bytes " + std::to_string(first) + "-" +
                     std::to_string(last) + "/" + std::to_string(body.size()) +
                     "\r\nContent-Length: " + std::to_string(part.size()) +
                     "\r\nETag: \"1\"\r\nLast-Modified: Wed, 01 Jan 2020 00:00:00 GMT\r\n"
                     "Connection: close\r\n\r\n" +
                     part);
  }

  static void send(int client, const std::string& text) {
    std::size_t done = 0;
    while (done < text.size()) {
      const ssize_t put = ::send(client, text.data() + done, text.size() - done, MSG_NOSIGNAL);
      if (put <= 0) return;
      done += static_cast<std::size_t>(put);
    }
  }

  const int socket_;
  int port_ = 0;
  std::atomic<bool> ending_{false};
  std::atomic<int> failing_{0}, requests_{0};
  std::atomic<std::size_t> bytes_{0};
  std::mutex mutex_;
  std::map<std::string, std::string> files_;
  std::thread thread_;
};

}  // namespace topobathy::datum_test
