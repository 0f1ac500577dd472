#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "utils/serve/server/exchange.h"
#include "utils/serve/server/http_messages.h"
#include "utils/serve/server/server_context.h"

namespace topobathy {

/// A connection that speaks HTTP/1.1: one request after the other, each with its answer before the
/// next is looked at. Lives as long as it waits for something.
class HttpSession final : public Connection, public std::enable_shared_from_this<HttpSession> {
 public:
  struct Peer {
    std::string address;
    bool is_loopback = false;
  };
  HttpSession(ServerContext& context, boost::asio::ip::tcp::socket socket, Peer peer);
  ~HttpSession() override;
  void start() { wait_for_request(); }
  void leave() override {}  // the answer in hand is the last one
  void close() override;
  bool may_make_place() const override;

 private:
  using Code = boost::system::error_code;
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using Work = std::shared_ptr<const WorkQueue::Work>;

  void wait_for_request();
  void end_idle();
  void read_request_head();
  void take_head(Code error);
  void refuse_head(Code error);
  void admit();
  void read_body();
  void take_body(Code error);

  void dispatch();
  void run_quick();
  void after_quick();
  void run_heavy();
  void watch_client(const Work& work);
  void give_up_waiting(const Work& work);
  void start_following();

  void refuse(ServiceAnswer answer);
  void send_answer();
  void answer_is_sent(Code error, std::uint64_t bytes);
  void linger();
  void discard(std::size_t most);

  ServerContext& context_;
  boost::beast::tcp_stream stream_;
  const Peer peer_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  std::shared_ptr<Exchange> exchange_;
  boost::asio::steady_timer timer_;  ///< of heavy work that waits
  std::optional<std::list<Connection*>::iterator> idle_;
  std::chrono::steady_clock::time_point waits_since_;  ///< for a request
  std::uint64_t requests_ = 0;
  bool ends_ = false;  ///< after this answer: the rest of what was sent is not understood
};

}  // namespace topobathy
