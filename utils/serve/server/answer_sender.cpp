#include "utils/serve/server/answer_sender.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <cerrno>
#include <cstring>
#include <utility>

#include "fusion/error.h"

namespace topobathy {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{128} << 10;

}  // namespace

OpenBody::OpenBody(const FileBody& file) : file_(::open(file.path.c_str(), O_RDONLY | O_CLOEXEC)) {
  const int reason = errno;
  if (file.remove) ::unlink(file.path.c_str());
  struct stat facts {};
  if (file_ < 0 || ::fstat(file_, &facts) != 0 || !S_ISREG(facts.st_mode)) {
    if (file_ >= 0) ::close(file_);
    throw Error(ErrorCode::kInternal, file.path + " cannot be sent: " + std::strerror(reason));
  }
  size_ = static_cast<std::uint64_t>(facts.st_size);
}

OpenBody::~OpenBody() {
  ::close(file_);
}

std::size_t OpenBody::read(std::uint64_t offset, char* into, std::size_t most) const {
  ssize_t size = 0;
  do
    size = ::pread(file_, into, most, static_cast<off_t>(offset));
  while (size < 0 && errno == EINTR);
  return size < 0 ? 0 : static_cast<std::size_t>(size);
}

AnswerSender::Body take_body_of(ServiceAnswer& answer) {
  if (const auto* file = std::get_if<FileBody>(&answer.body))
    return std::make_shared<OpenBody>(*file);
  if (const auto* bytes = std::get_if<std::shared_ptr<const Bytes>>(&answer.body)) return *bytes;
  return std::move(std::get<std::string>(answer.body));
}

std::uint64_t body_size(const AnswerSender::Body& body) {
  if (const auto* text = std::get_if<std::string>(&body)) return text->size();
  if (const auto* bytes = std::get_if<std::shared_ptr<const Bytes>>(&body))
    return *bytes ? (*bytes)->size() : 0;
  const auto& file = std::get<std::shared_ptr<OpenBody>>(body);
  return file ? file->size() : 0;
}

void AnswerSender::send(std::string head, Body body, Done done) {
  head_ = std::move(head);
  body_ = std::move(body);
  done_ = std::move(done);
  body_size_ = body_size(body_);
  send_next();
}

/// The next piece of a file, where the one before is sent.
void AnswerSender::refill() {
  const auto* file = std::get_if<std::shared_ptr<OpenBody>>(&body_);
  if (!file || chunk_sent_ < chunk_.size() || body_sent_ == body_size_) return;
  chunk_.resize(std::min<std::uint64_t>(kChunkBytes, body_size_ - body_sent_));
  chunk_.resize((*file)->read(body_sent_, chunk_.data(), chunk_.size()));
  chunk_sent_ = 0;
}

void AnswerSender::send_next() {
  refill();
  std::array<boost::asio::const_buffer, 2> pieces = {
      boost::asio::buffer(head_.data() + head_sent_, head_.size() - head_sent_),
      boost::asio::const_buffer()};
  const std::uint64_t left = body_size_ - body_sent_;
  if (const auto* text = std::get_if<std::string>(&body_))
    pieces[1] = boost::asio::buffer(text->data() + body_sent_, left);
  else if (const auto* bytes = std::get_if<std::shared_ptr<const Bytes>>(&body_); bytes && left > 0)
    pieces[1] = boost::asio::buffer((*bytes)->data() + body_sent_, left);
  else if (!chunk_.empty())
    pieces[1] = boost::asio::buffer(chunk_.data() + chunk_sent_, chunk_.size() - chunk_sent_);
  if (pieces[0].size() == 0 && left == 0) return done_({});
  if (pieces[0].size() == 0 && pieces[1].size() == 0)  // the file has become shorter
    return done_(boost::system::errc::make_error_code(boost::system::errc::io_error));
  stream_.expires_after(patience_);
  stream_.async_write_some(
      pieces, [self = shared_from_this()](boost::system::error_code error, std::size_t sent) {
        if (error) return self->done_(error);
        const std::size_t of_head = std::min(sent, self->head_.size() - self->head_sent_);
        self->head_sent_ += of_head;
        self->body_sent_ += sent - of_head;
        self->chunk_sent_ += sent - of_head;
        self->send_next();
      });
}

}  // namespace topobathy
