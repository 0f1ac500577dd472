// The thread sanitizer knows no fences, and Asio's are for handlers that move between threads: here
// are none.
#ifdef __SANITIZE_THREAD__
#define BOOST_ASIO_DISABLE_FENCED_BLOCK
#endif

#include "loopback_server.h"

#include <algorithm>
#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <cctype>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <mutex>
#include <thread>

namespace topobathy {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Socket = asio::ip::tcp::socket;

/// Of a request.
constexpr std::uint64_t kLargestBody = std::uint64_t{64} << 20;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

SeenRequest seen(const http::request<http::string_body>& request) {
  SeenRequest seen;
  seen.method = std::string(request.method_string());
  seen.target = std::string(request.target());
  seen.body = request.body();
  for (const auto& field : request)
    seen.headers[lower(std::string(field.name_string()))] = std::string(field.value());
  return seen;
}

std::string header_of(const ScriptedAnswer& answer, const std::string& name) {
  for (const auto& [known, value] : answer.headers)
    if (lower(known) == name) return value;
  return "";
}

/// "bytes=a-b" or "bytes=a-" on a resource of `size` bytes; nothing where it is not satisfiable.
std::optional<std::pair<std::size_t, std::size_t>> range_of(const std::string& text,
                                                            std::size_t size) {
  const std::size_t dash = text.find('-');
  const std::size_t first = std::stoull(text.substr(6, dash - 6));
  const std::string end = text.substr(dash + 1);
  const std::size_t last =
      end.empty() ? size - 1 : std::min<std::size_t>(size - 1, std::stoull(end));
  if (size == 0 || first > last) return std::nullopt;
  return std::pair{first, last};
}

/// Does what a server that understands ranges would.
void apply_range(ScriptedAnswer& answer, const SeenRequest& request) {
  const std::string range = request.header("range");
  const std::string if_range = request.header("if-range");
  if (!answer.ranges || range.empty()) return;
  if (!if_range.empty() && if_range != header_of(answer, "etag")) return;
  const std::size_t size = answer.body.size();
  const auto bytes = range_of(range, size);
  if (!bytes) {
    answer.status = 416;
    answer.body.clear();
    return;
  }
  answer.status = 206;
  answer.body = answer.body.substr(bytes->first, bytes->second - bytes->first + 1);
  answer.headers.emplace_back("Content-Range", "bytes " + std::to_string(bytes->first) + "-" +
                                                   std::to_string(bytes->second) + "/" +
                                                   std::to_string(size));
}

std::string head_of(const ScriptedAnswer& answer, bool is_last) {
  std::string head = "HTTP/1.1 " + std::to_string(answer.status) + " Scripted\r\n";
  for (const auto& [name, value] : answer.headers)
    head += name + ": " + value + "\r\n";
  const std::int64_t length =
      answer.declared.value_or(static_cast<std::int64_t>(answer.body.size()));
  if (length >= 0) head += "Content-Length: " + std::to_string(length) + "\r\n";
  return head + (is_last ? "Connection: close\r\n\r\n" : "\r\n");
}

}  // namespace

struct LoopbackServer::State {
  State() : acceptor(context, {asio::ip::make_address("127.0.0.1"), 0}) {}

  void accept_all() {
    for (;;) {
      auto socket = std::make_shared<Socket>(context);
      boost::system::error_code error;
      acceptor.accept(*socket, error);
      const std::lock_guard<std::mutex> lock(mutex);
      if (stopping) return;
      if (error) continue;
      ++connections;
      sockets.push_back(socket);
      threads.emplace_back([this, socket] { serve(*socket); });
    }
  }

  static void read(Socket& socket, boost::beast::flat_buffer& buffer,
                   http::request_parser<http::string_body>& request,
                   boost::system::error_code& error) {
    http::read_header(socket, buffer, request, error);
    if (error) return;
    if (request.get()[http::field::expect] == "100-continue")  // else curl waits a second
      asio::write(socket, asio::buffer(std::string("HTTP/1.1 100 Continue\r\n\r\n")), error);
    if (!error && !request.is_done()) http::read(socket, buffer, request, error);
  }

  void serve(Socket& socket) {
    boost::beast::flat_buffer buffer;
    for (;;) {
      http::request_parser<http::string_body> request;
      request.body_limit(kLargestBody);
      boost::system::error_code error;
      read(socket, buffer, request, error);
      if (error) break;
      ++busy;
      most_busy = std::max(most_busy.load(), busy.load());
      const bool goes_on = answer(socket, seen(request.get()));
      --busy;
      if (!goes_on) break;
    }
    boost::system::error_code ignored;
    socket.shutdown(Socket::shutdown_both, ignored);
  }

  ScriptedAnswer script(const SeenRequest& request) {
    Handler handler;
    {
      const std::lock_guard<std::mutex> lock(mutex);
      requests.push_back(request);
      const auto found = handlers.find(request.target);
      if (found != handlers.end()) handler = found->second;
    }
    ScriptedAnswer absent;
    absent.status = 404;
    return handler ? handler(request) : absent;
  }

  /// Whether the connection may be used again.
  bool answer(Socket& socket, const SeenRequest& request) {
    ScriptedAnswer answer = script(request);
    {
      std::unique_lock<std::mutex> lock(mutex);
      const auto pause = std::chrono::duration<double>(answer.hang ? 60.0 : answer.pause);
      if (pause.count() > 0) stopped.wait_for(lock, pause, [this] { return stopping; });
      if (answer.hang) return false;
    }
    boost::system::error_code error;
    if (answer.raw) {
      asio::write(socket, asio::buffer(*answer.raw), error);
      return false;
    }
    apply_range(answer, request);
    const bool is_last = answer.cut_after || answer.declared;
    std::string bytes = head_of(answer, is_last);
    if (request.method != "HEAD")
      bytes += answer.body.substr(0, answer.cut_after.value_or(std::string::npos));
    asio::write(socket, asio::buffer(bytes), error);
    return !error && !is_last;
  }

  asio::io_context context;
  asio::ip::tcp::acceptor acceptor;
  std::mutex mutex;
  std::condition_variable stopped;
  bool stopping = false;
  std::map<std::string, Handler> handlers;
  std::vector<SeenRequest> requests;
  std::list<std::shared_ptr<Socket>> sockets;
  std::list<std::thread> threads;
  int connections = 0;
  std::atomic<int> busy{0}, most_busy{0};
  std::thread accepting;
};

LoopbackServer::LoopbackServer() : state_(std::make_unique<State>()) {
  state_->accepting = std::thread([this] { state_->accept_all(); });
}

LoopbackServer::~LoopbackServer() {
  {
    const std::lock_guard<std::mutex> lock(state_->mutex);
    state_->stopping = true;
  }
  state_->stopped.notify_all();
  // accept() does not wake when its socket is closed by another thread; a visitor wakes it.
  boost::system::error_code ignored;
  Socket visitor(state_->context);
  visitor.connect(state_->acceptor.local_endpoint(), ignored);
  state_->accepting.join();
  for (const auto& socket : state_->sockets)
    socket->shutdown(Socket::shutdown_both, ignored);
  for (std::thread& thread : state_->threads)
    thread.join();
}

std::string LoopbackServer::url(const std::string& target) const {
  return "http://127.0.0.1:" + std::to_string(state_->acceptor.local_endpoint().port()) + target;
}

void LoopbackServer::put(const std::string& target, std::vector<ScriptedAnswer> answers) {
  auto next = std::make_shared<std::atomic<std::size_t>>(0);
  put(target, [answers = std::move(answers), next](const SeenRequest&) {
    return answers[std::min(next->fetch_add(1), answers.size() - 1)];
  });
}

void LoopbackServer::put(const std::string& target, Handler handler) {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->handlers[target] = std::move(handler);
}

std::vector<SeenRequest> LoopbackServer::requests() const {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  return state_->requests;
}

int LoopbackServer::connections() const {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  return state_->connections;
}

int LoopbackServer::most_at_once() const {
  return state_->most_busy;
}

}  // namespace topobathy
