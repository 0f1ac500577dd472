#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <utility>

#include "utils/serve/server/followers.h"
#include "utils/serve/server/http_limits.h"

namespace topobathy {
namespace {

namespace websocket = boost::beast::websocket;

/// What a client says is read, so that it can say good-bye, and forgotten.
class WebSocketSession final : public Connection,
                               public Follower,
                               public std::enable_shared_from_this<WebSocketSession> {
 public:
  using Code = boost::system::error_code;

  WebSocketSession(ServerContext& context, boost::beast::tcp_stream stream)
      : context_(context), socket_(std::move(stream)) {
    context_.enter(*this);
    ++context_.state().web_sockets;
  }
  ~WebSocketSession() override {
    --context_.state().web_sockets;
    context_.exit(*this);
  }
  void start(HttpRequest request, std::shared_ptr<Exchange> exchange);
  void tell(const std::shared_ptr<const std::string>& text, bool last) override;
  void leave() override { end(websocket::close_code::going_away); }
  void close() override { boost::beast::get_lowest_layer(socket_).close(); }

 private:
  void set_options(const Exchange& exchange);
  void read();
  void write();
  void end(websocket::close_code code);

  ServerContext& context_;
  websocket::stream<boost::beast::tcp_stream> socket_;
  boost::beast::flat_buffer buffer_;
  HttpRequest request_;
  bool open_ = false, writing_ = false, ending_ = false;
  std::shared_ptr<const std::string> next_, sent_;
  std::optional<websocket::close_code> end_;
};

void WebSocketSession::set_options(const Exchange& exchange) {
  const ServerTimes& times = context_.setup.times;
  // Half of the idle time after the last sign of life the client is pinged.
  socket_.set_option(websocket::stream_base::timeout{times.head, times.idle, true});
  socket_.set_option(
      websocket::stream_base::decorator([id = exchange.id](websocket::response_type& answer) {
        answer.set(boost::beast::http::field::server, "topobathy");
        answer.set("X-Request-Id", id);
      }));
  socket_.read_message_max(kMostMessageBytes);
  socket_.text(true);
}

void WebSocketSession::start(HttpRequest request, std::shared_ptr<Exchange> exchange) {
  boost::beast::get_lowest_layer(socket_).expires_never();
  set_options(*exchange);
  request_ = std::move(request);
  socket_.async_accept(request_,
                       [self = shared_from_this(), exchange = std::move(exchange)](Code error) {
                         exchange->answer.status = error ? 400 : 101;
                         exchange->note(*self->context_.setup.shared, 0, static_cast<bool>(error));
                         self->context_.count_request();
                         if (error) return self->close();
                         self->open_ = true;
                         self->read();
                         self->write();
                       });
}

void WebSocketSession::read() {
  socket_.async_read(buffer_, [self = shared_from_this()](Code error, std::size_t) {
    if (error) return self->close();
    self->buffer_.clear();
    self->read();
  });
}

void WebSocketSession::tell(const std::shared_ptr<const std::string>& text, bool last) {
  if (text) next_ = text;
  if (last) end_ = websocket::close_code::normal;
  write();
}

/// The newest text, then the end: one write at a time.
void WebSocketSession::write() {
  if (!open_ || writing_ || ending_) return;
  if (next_) {
    sent_ = std::exchange(next_, nullptr);
    writing_ = true;
    socket_.async_write(boost::asio::buffer(*sent_),
                        [self = shared_from_this()](Code error, std::size_t) {
                          self->writing_ = false;
                          if (error) return self->close();
                          self->write();
                        });
  } else if (end_) {
    ending_ = true;
    socket_.async_close(*end_, [self = shared_from_this()](Code) { self->close(); });
  }
}

void WebSocketSession::end(websocket::close_code code) {
  end_ = code;
  next_ = nullptr;
  if (open_)
    write();
  else
    close();
}

}  // namespace

std::optional<ServiceAnswer> refuse_upgrade(const HttpRequest& request, bool early) {
  if (!websocket::is_upgrade(request)) {
    ServiceAnswer answer = refusal(426, "this is a WebSocket: connect with ws://");
    answer.headers = {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}};
    return answer;
  }
  if (early) return refusal(400, "the client must wait for the WebSocket before it sends anything");
  return std::nullopt;
}

std::shared_ptr<Follower> start_web_socket(ServerContext& context, boost::beast::tcp_stream stream,
                                           HttpRequest request,
                                           const std::shared_ptr<Exchange>& exchange) {
  auto session = std::make_shared<WebSocketSession>(context, std::move(stream));
  session->start(std::move(request), exchange);
  return session;
}

}  // namespace topobathy
