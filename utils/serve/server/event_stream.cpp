#include <array>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <sstream>
#include <utility>

#include "utils/serve/server/followers.h"

namespace topobathy {
namespace {

namespace beast_http = boost::beast::http;

/// A text as an event: a line break in it begins another line of the same event.
std::string event_text(const std::string& text) {
  std::istringstream lines(text);
  std::string event;
  for (std::string line; std::getline(lines, line);)
    event += "data: " + line + '\n';
  return event + '\n';
}

/// Server-sent events. Browsers connect again when a stream ends: after the last text comes an
/// event "end", upon which a page closes it.
class EventStream final : public Connection,
                          public Follower,
                          public std::enable_shared_from_this<EventStream> {
 public:
  using Code = boost::system::error_code;

  EventStream(ServerContext& context, boost::beast::tcp_stream stream, bool in_chunks)
      : context_(context), stream_(std::move(stream)), in_chunks_(in_chunks) {
    context_.enter(*this);
    ++context_.state().event_streams;
  }
  ~EventStream() override {
    --context_.state().event_streams;
    context_.exit(*this);
  }
  void start(const std::shared_ptr<Exchange>& exchange);
  void tell(const std::shared_ptr<const std::string>& text, bool last) override;
  void ping() override;
  void leave() override;
  void close() override { stream_.close(); }

 private:
  void watch();
  void write();
  std::string take_next();

  ServerContext& context_;
  boost::beast::tcp_stream stream_;
  const bool in_chunks_;
  std::string head_, writing_;
  std::shared_ptr<const std::string> next_;
  bool pings_ = false, ends_ = false, ended_ = false;
  std::array<char, 256> ignored_{};
};

void EventStream::start(const std::shared_ptr<Exchange>& exchange) {
  ServiceAnswer answer;
  answer.type = "text/event-stream";
  answer.headers = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
  exchange->answer_with(std::move(answer));
  head_ = answer_head(*exchange, std::nullopt, false);
  exchange->note(*context_.setup.shared, 0, false);
  context_.count_request();
  watch();
  write();
}

/// A client that has gone is noticed; what it sends is forgotten.
void EventStream::watch() {
  stream_.socket().async_read_some(boost::asio::buffer(ignored_),
                                   [self = shared_from_this()](Code error, std::size_t) {
                                     if (error) return self->close();
                                     self->watch();
                                   });
}

void EventStream::tell(const std::shared_ptr<const std::string>& text, bool last) {
  if (text) next_ = text;
  ends_ = ends_ || last;
  write();
}

void EventStream::ping() {
  pings_ = true;
  write();
}

void EventStream::leave() {
  // No event "end": the browser is to connect again, to whoever comes after this server.
  ended_ = true;
  close();
}

std::string EventStream::take_next() {
  std::string text;
  if (next_)
    text = event_text(*std::exchange(next_, nullptr));
  else if (pings_ && !ends_)
    text = ": still here\n\n";
  pings_ = false;
  if (ends_) text += "event: end\ndata: {}\n\n";
  return text;
}

void EventStream::write() {
  if (!writing_.empty() || ended_) return;
  const std::string text = take_next();
  if (!text.empty() && in_chunks_) {
    writing_ = std::exchange(head_, "") +
               boost::beast::buffers_to_string(beast_http::make_chunk(boost::asio::buffer(text)));
    if (ends_) writing_ += "0\r\n\r\n";
  } else {
    writing_ = std::exchange(head_, "") + text;
  }
  ended_ = ends_;
  if (writing_.empty()) return;
  stream_.expires_after(context_.setup.times.write);
  boost::asio::async_write(stream_, boost::asio::buffer(writing_),
                           [self = shared_from_this()](Code error, std::size_t) {
                             self->writing_.clear();
                             if (error || self->ended_) return self->close();
                             self->write();
                           });
}

}  // namespace

std::shared_ptr<Follower> start_event_stream(ServerContext& context,
                                             boost::beast::tcp_stream stream,
                                             const std::shared_ptr<Exchange>& exchange) {
  auto session = std::make_shared<EventStream>(context, std::move(stream), !exchange->is_old);
  session->start(exchange);
  return session;
}

}  // namespace topobathy
