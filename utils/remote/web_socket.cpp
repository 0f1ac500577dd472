#include "utils/remote/web_socket.h"

// The one file that knows Boost.Beast: its templates take long to compile.
#include <cstdlib>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "fusion/error.h"
#include "providers/http/user_agent.h"

namespace topobathy {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::system::error_code;
using PlainStream = beast::tcp_stream;
using SecureStream = beast::ssl_stream<beast::tcp_stream>;

/// A job's state has some hundred bytes.
constexpr std::size_t kLongestMessage = std::size_t{1} << 20;
/// A peer that says nothing is pinged after half of it, and given up after all of it.
constexpr std::chrono::seconds kSilence{30};
constexpr std::chrono::milliseconds kFarewell{200};

[[noreturn]] void fail(const std::string& why) {
  throw Error(ErrorCode::kUnreadable, why);
}

std::string without_brackets(const std::string& host) {
  return host.front() == '[' ? host.substr(1, host.size() - 2) : host;
}

asio::ssl::context make_tls() {
  asio::ssl::context tls(asio::ssl::context::tls_client);
  tls.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
  tls.set_default_verify_paths();
  const char* const bundle = std::getenv("CURL_CA_BUNDLE");  // libcurl's requests obey it too
  error_code unreadable;
  if (bundle != nullptr) tls.load_verify_file(bundle, unreadable);
  tls.set_verify_mode(asio::ssl::verify_peer);
  return tls;
}

}  // namespace

class WebSocket::Channel {
 public:
  virtual ~Channel() = default;
  virtual Heard wait(std::chrono::milliseconds patience) = 0;
};

namespace {

template <class Stream>
class BeastChannel final : public WebSocket::Channel {
 public:
  BeastChannel(const WebSocket::Target& target, std::chrono::milliseconds patience);
  ~BeastChannel() override;
  WebSocket::Heard wait(std::chrono::milliseconds patience) override;

 private:
  static constexpr bool kSecure = std::is_same_v<Stream, SecureStream>;
  using Done = std::function<void(error_code)>;

  websocket::stream<Stream> make_stream() {
    if constexpr (kSecure)
      return websocket::stream<Stream>(context_, tls_);
    else
      return websocket::stream<Stream>(context_);
  }
  beast::tcp_stream& tcp() { return beast::get_lowest_layer(stream_); }
  void complete(const std::string& what, const std::function<void(Done)>& start);
  void connect(const std::string& host, const std::string& port);
  void secure(const std::string& host);
  void shake_hands(const WebSocket::Target& target);
  void listen();

  asio::io_context context_{1};
  asio::ssl::context tls_ = make_tls();
  websocket::stream<Stream> stream_ = make_stream();
  std::chrono::steady_clock::time_point deadline_;
  beast::flat_buffer buffer_;
  bool listening_ = false;
  std::optional<error_code> heard_;
};

/// Runs one step of connecting to its end. Its handlers are gone when this returns.
template <class Stream>
void BeastChannel<Stream>::complete(const std::string& what,
                                    const std::function<void(Done)>& start) {
  std::optional<error_code> result;
  start([&](error_code code) { result = code; });
  context_.restart();
  context_.run_until(deadline_);
  if (!result) {
    tcp().close();
    context_.restart();
    context_.run();
    fail("no answer in time");
  }
  if (*result) fail(what + ": " + result->message());
}

template <class Stream>
void BeastChannel<Stream>::connect(const std::string& host, const std::string& port) {
  error_code unknown;
  const auto places = asio::ip::tcp::resolver(context_).resolve(host, port, unknown);
  if (unknown) fail(unknown.message());
  complete("connecting", [&](Done done) {
    tcp().async_connect(places, [done](error_code code, const auto&) { done(code); });
  });
}

template <class Stream>
void BeastChannel<Stream>::secure([[maybe_unused]] const std::string& host) {
  if constexpr (kSecure) {
    auto& tls = stream_.next_layer();
    SSL_set_tlsext_host_name(tls.native_handle(), host.c_str());
    tls.set_verify_callback(asio::ssl::host_name_verification(host));
    complete("TLS", [&](Done done) {
      tls.async_handshake(asio::ssl::stream_base::client, [done](error_code code) { done(code); });
    });
  }
}

template <class Stream>
void BeastChannel<Stream>::shake_hands(const WebSocket::Target& target) {
  stream_.set_option(websocket::stream_base::timeout{kSilence, kSilence, true});
  stream_.set_option(websocket::stream_base::decorator([&](websocket::request_type& request) {
    request.set(beast::http::field::user_agent, user_agent());
    if (!target.authorization.empty())
      request.set(beast::http::field::authorization, target.authorization);
  }));
  stream_.read_message_max(kLongestMessage);
  websocket::response_type answer;
  complete("the server refuses the WebSocket", [&](Done done) {
    stream_.async_handshake(answer, target.host + ':' + target.port, target.path,
                            [done](error_code code) { done(code); });
  });
}

template <class Stream>
BeastChannel<Stream>::BeastChannel(const WebSocket::Target& target,
                                   std::chrono::milliseconds patience)
    : deadline_(std::chrono::steady_clock::now() + patience) {
  const std::string host = without_brackets(target.host);
  connect(host, target.port);
  secure(host);
  shake_hands(target);
}

/// Says good-bye, but does not wait long for an answer.
template <class Stream>
BeastChannel<Stream>::~BeastChannel() {
  try {
    if (stream_.is_open()) {
      stream_.async_close(websocket::close_code::normal, [](error_code) {});
      context_.restart();
      context_.run_for(kFarewell);
    }
    tcp().close();
    context_.restart();
    context_.run_for(kFarewell);
  } catch (const std::exception&) {
    // Closed one way or the other.
  }
}

template <class Stream>
void BeastChannel<Stream>::listen() {
  if (std::exchange(listening_, true)) return;
  heard_.reset();
  stream_.async_read(buffer_, [this](error_code code, std::size_t) { heard_ = code; });
}

template <class Stream>
WebSocket::Heard BeastChannel<Stream>::wait(std::chrono::milliseconds patience) {
  if (heard_ && *heard_) return {WebSocket::Event::kClosed, heard_->message()};
  listen();
  const auto until = std::chrono::steady_clock::now() + patience;
  context_.restart();
  while (!heard_ && context_.run_one_until(until) > 0) {
  }
  if (!heard_) return {};
  listening_ = false;
  if (*heard_) return {WebSocket::Event::kClosed, heard_->message()};
  std::string text = beast::buffers_to_string(buffer_.data());
  buffer_.consume(buffer_.size());
  return {WebSocket::Event::kMessage, std::move(text)};
}

}  // namespace

WebSocket::WebSocket(const Target& target, std::chrono::milliseconds patience) {
  try {
    if (target.secure)
      channel_ = std::make_unique<BeastChannel<SecureStream>>(target, patience);
    else
      channel_ = std::make_unique<BeastChannel<PlainStream>>(target, patience);
  } catch (const boost::system::system_error& error) {
    fail(error.what());
  }
}

WebSocket::~WebSocket() = default;

WebSocket::Heard WebSocket::wait(std::chrono::milliseconds patience) {
  return channel_->wait(patience);
}

}  // namespace topobathy
