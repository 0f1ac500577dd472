#pragma once

#include <boost/beast/core/tcp_stream.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "cache/bytes.h"
#include "utils/serve/route.h"

namespace topobathy {

/// A file that is open for sending.
class OpenBody {
 public:
  /// Opens it, and removes its name where it was made for one answer. \throws Error(kUnreadable)
  explicit OpenBody(const FileBody& file);
  ~OpenBody();
  OpenBody(const OpenBody&) = delete;
  OpenBody& operator=(const OpenBody&) = delete;

  std::uint64_t size() const noexcept { return size_; }
  /// \returns how many bytes; 0 at the end, or where the file has become shorter
  std::size_t read(std::uint64_t offset, char* into, std::size_t most) const;

 private:
  int file_ = -1;
  std::uint64_t size_ = 0;
};

/// Sends a head and a body in memory that does not grow with the body; each part has its time to
/// be taken.
class AnswerSender : public std::enable_shared_from_this<AnswerSender> {
 public:
  using Body = std::variant<std::string, std::shared_ptr<const Bytes>, std::shared_ptr<OpenBody>>;
  using Done = std::function<void(boost::system::error_code)>;

  AnswerSender(boost::beast::tcp_stream& stream, std::chrono::seconds patience)
      : stream_(stream), patience_(patience) {}
  /// \param done is called once, by the stream's thread; the stream lives until then
  void send(std::string head, Body body, Done done);

 private:
  void send_next();
  void refill();

  boost::beast::tcp_stream& stream_;
  const std::chrono::seconds patience_;
  std::string head_;
  Body body_;
  Done done_;
  std::size_t head_sent_ = 0;
  std::uint64_t body_sent_ = 0, body_size_ = 0;
  std::vector<char> chunk_;  ///< of a file
  std::size_t chunk_sent_ = 0;
};

/// The body of an answer, its file opened. \throws Error
AnswerSender::Body take_body_of(ServiceAnswer& answer);
/// Bytes of the body.
std::uint64_t body_size(const AnswerSender::Body& body);

}  // namespace topobathy
