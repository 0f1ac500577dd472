#include "utils/serve/server/http_session.h"

#include <sys/socket.h>

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <utility>

#include "utils/serve/server/answer_sender.h"
#include "utils/serve/server/conditional.h"
#include "utils/serve/server/failure_answer.h"
#include "utils/serve/server/followers.h"
#include "utils/serve/server/http_limits.h"
#include "utils/serve/server/limit_answers.h"

namespace topobathy {

namespace http = boost::beast::http;

HttpSession::HttpSession(ServerContext& context, boost::asio::ip::tcp::socket socket, Peer peer)
    : context_(context),
      stream_(std::move(socket)),
      peer_(std::move(peer)),
      buffer_(kMostHeadBytes + kReadBytes),
      timer_(context.io) {
  context_.enter(*this);
}

HttpSession::~HttpSession() {
  end_idle();
  if (exchange_) *exchange_->gone = true;
  context_.exit(*this);
}

void HttpSession::close() {
  stream_.close();
}

bool HttpSession::may_make_place() const {
  return requests_ > 0 ||
         std::chrono::steady_clock::now() - waits_since_ >= context_.setup.times.first;
}

void HttpSession::wait_for_request() {
  exchange_.reset();
  parser_.reset();
  if (buffer_.size() > 0) return read_request_head();
  waits_since_ = std::chrono::steady_clock::now();
  idle_ = context_.enter_idle(*this);
  stream_.expires_after(context_.setup.times.idle);
  stream_.async_read_some(buffer_.prepare(kReadBytes),
                          [self = shared_from_this()](Code error, std::size_t size) {
                            self->end_idle();
                            if (error) return self->close();
                            self->buffer_.commit(size);
                            self->read_request_head();
                          });
}

void HttpSession::end_idle() {
  if (idle_) context_.idle.erase(*std::exchange(idle_, std::nullopt));
}

/// Its time counts from the first byte: a client that drips does not get more of it.
void HttpSession::read_request_head() {
  exchange_ = std::make_shared<Exchange>();
  exchange_->peer = peer_.address;
  exchange_->id = context_.next_request_id();
  parser_.emplace();
  parser_->header_limit(kMostHeadBytes);
  parser_->body_limit(context_.setup.limits.body_bytes);
  stream_.expires_after(context_.setup.times.head);
  http::async_read_header(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](Code error, std::size_t) { self->take_head(error); });
}

void HttpSession::take_head(Code error) {
  if (error) return refuse_head(error);
  const HttpRequest& request = parser_->get();
  exchange_->method = std::string(request.method_string());
  exchange_->is_old = request.version() < 11;
  exchange_->keep_alive = request.keep_alive() && ++requests_ < kMostRequestsOfAConnection;
  if (auto answer = refuse_body(request)) {
    ends_ = true;
    return refuse(std::move(*answer));
  }
  admit();
}

void HttpSession::admit() {
  try {
    exchange_->admission = context_.door.admit(read_head(parser_->get(), peer_.is_loopback));
  } catch (...) {
    exchange_->keep_alive = false;  // another reader might see another request
    exchange_->admission.refused = failure_answer(std::current_exception()).answer;
  }
  Admission& admission = exchange_->admission;
  if (!admission.refused && is_web_socket(*admission.route))
    admission.refused = refuse_upgrade(parser_->get(), buffer_.size() > 0);
  if (admission.refused) {
    ends_ = !parser_->is_done();
    return refuse(std::move(*admission.refused));
  }
  admission.request.gone = [gone = exchange_->gone] { return gone->load(); };
  read_body();
}

void HttpSession::refuse_head(Code error) {
  ends_ = true;
  if (error == http::error::body_limit) return refuse(too_large_answer(context_.setup.limits));
  if (error == http::error::header_limit)
    return refuse(refusal(431, "the head of the request is larger than " +
                                   std::to_string(kMostHeadBytes) + " bytes"));
  if (error == http::error::end_of_stream || error == http::error::partial_message ||
      error.category() != http::make_error_code(http::error::bad_method).category())
    return close();  // it has gone, or was too slow
  refuse(refusal(400, "this is no request of HTTP/1.1: " + error.message()));
}

void HttpSession::read_body() {
  if (parser_->is_done()) return take_body({});
  stream_.expires_after(context_.setup.times.body);
  if (expects_continue(parser_->get()) && buffer_.size() == 0) {
    static constexpr char kContinue[] = "HTTP/1.1 100 Continue\r\n\r\n";
    return boost::asio::async_write(
        stream_, boost::asio::buffer(kContinue, sizeof(kContinue) - 1),
        [self = shared_from_this()](Code error, std::size_t) {
          if (error) return self->close();
          http::async_read(self->stream_, self->buffer_, *self->parser_,
                           [self](Code code, std::size_t) { self->take_body(code); });
        });
  }
  http::async_read(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](Code error, std::size_t) { self->take_body(error); });
}

void HttpSession::take_body(Code error) {
  if (error) return refuse_head(error);
  Admission& admission = exchange_->admission;
  admission.request.body = std::move(parser_->get().body());
  if (admission.refused_change && !admission.route->only_reads(admission.request))
    return refuse(std::move(*admission.refused_change));
  dispatch();
}

void HttpSession::dispatch() {
  stream_.expires_never();
  const Route& route = *exchange_->admission.route;
  if (route.follow || route.cost == Cost::kQuick || route.at_hand) return run_quick();
  run_heavy();
}

// A handler's thread lets go of this connection before the connection's own thread goes on: there
// it ends.

void HttpSession::run_quick() {
  const Work work = context_.quick.offer(
      [self = shared_from_this(), exchange = exchange_, &io = context_.io]() mutable {
        exchange->run_quick();
        exchange.reset();
        boost::asio::post(io, [self = std::move(self)] { self->after_quick(); });
      });
  if (!work) refuse(busy_answer());
}

void HttpSession::after_quick() {
  if (exchange_->answered) return send_answer();
  if (exchange_->followed) return start_following();
  if (exchange_->admission.route->follow)
    return refuse(
        refusal(404, "there is nothing to follow at " + exchange_->admission.request.path));
  run_heavy();
}

void HttpSession::run_heavy() {
  WorkerState& state = context_.state();
  const Work work = context_.heavy.offer(
      [self = shared_from_this(), exchange = exchange_, &context = context_, &state]() mutable {
        ++state.heavy_running;
        state.heavy_waiting = context.heavy.load().waiting;
        if (!*exchange->gone) exchange->run_handler();
        --state.heavy_running;
        exchange.reset();
        boost::asio::post(context.io, [self = std::move(self)] {
          self->timer_.cancel();
          self->exchange_->answered ? self->send_answer() : self->close();
        });
      });
  if (!work) return refuse(busy_answer());
  state.heavy_waiting = context_.heavy.load().waiting;
  watch_client(work);
  give_up_waiting(work);
}

/// A client that has gone leaves the queue; work that has begun is told by `gone`.
void HttpSession::watch_client(const Work& work) {
  stream_.socket().async_wait(
      boost::asio::ip::tcp::socket::wait_read,
      // Neither is kept for its sake: what is waited for may come with the next request.
      [weak = weak_from_this(), of = std::weak_ptr(exchange_),
       work = std::weak_ptr(work)](Code error) {
        const auto self = weak.lock();
        const auto exchange = of.lock();
        if (error || !self || !exchange || self->exchange_ != exchange) return;
        char byte = 0;
        const auto size =
            ::recv(self->stream_.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        if (size > 0) return;  // the next request
        *exchange->gone = true;
        if (!self->context_.heavy.abandon(work.lock())) return;
        self->context_.state().heavy_waiting = self->context_.heavy.load().waiting;
        self->timer_.cancel();
        self->close();
      });
}

void HttpSession::give_up_waiting(const Work& work) {
  timer_.expires_after(std::chrono::seconds(context_.setup.limits.heavy_wait_seconds));
  timer_.async_wait([self = shared_from_this(), work](Code error) {
    if (error || !self->context_.heavy.abandon(work)) return;
    self->context_.state().heavy_waiting = self->context_.heavy.load().waiting;
    self->refuse(busy_answer());
  });
}

void HttpSession::start_following() {
  const ServiceRequest& request = exchange_->admission.request;
  // Parameters may change what is shown.
  std::string what = request.path;
  for (const auto& [name, value] : request.query)
    what += '\n' + name + '=' + value;
  auto followed = std::move(exchange_->followed);
  const auto follower =
      is_web_socket(*exchange_->admission.route)
          ? start_web_socket(context_, std::move(stream_), parser_->release(), exchange_)
          : start_event_stream(context_, std::move(stream_), exchange_);
  context_.hub.follow(what, std::move(followed), follower);
  exchange_.reset();
}

void HttpSession::refuse(ServiceAnswer answer) {
  exchange_->answer_with(std::move(answer));
  send_answer();
}

void HttpSession::send_answer() {
  Exchange& exchange = *exchange_;
  answer_conditionally(exchange.admission.request, exchange.answer);
  AnswerSender::Body body;
  try {
    body = take_body_of(exchange.answer);
  } catch (...) {
    FailureAnswer failure = failure_answer(std::current_exception());
    exchange.reason = std::move(failure.reason);
    exchange.answer = std::move(failure.answer);
    body = take_body_of(exchange.answer);
  }
  ends_ = ends_ || !exchange.keep_alive || context_.leaving;
  std::string head = answer_head(exchange, body_size(body), !ends_);
  if (exchange.method == "HEAD") body = std::string();
  const std::uint64_t bytes = body_size(body);
  std::make_shared<AnswerSender>(stream_, context_.setup.times.write)
      ->send(std::move(head), std::move(body), [self = shared_from_this(), bytes](Code error) {
        self->answer_is_sent(error, bytes);
      });
}

void HttpSession::answer_is_sent(Code error, std::uint64_t bytes) {
  exchange_->note(*context_.setup.shared, error ? 0 : bytes, static_cast<bool>(error));
  context_.count_request();
  if (error) return close();
  if (ends_) return linger();
  wait_for_request();
}

/// A connection that is closed while bytes come in is reset, and the answer may be lost with it: so
/// the client is waited for.
void HttpSession::linger() {
  Code ignored;
  stream_.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
  stream_.expires_after(context_.setup.times.linger);
  discard(kMostDiscardedBytes);
}

void HttpSession::discard(std::size_t most) {
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(kReadBytes),
                          [self = shared_from_this(), most](Code error, std::size_t size) {
                            if (error || size >= most) return self->close();
                            self->discard(most - size);
                          });
}

}  // namespace topobathy
