#include "providers/http/ask_sink.h"

#include <algorithm>
#include <utility>

#include "fusion/error.h"
#include "providers/http/content_range.h"
#include "providers/http/tuning.h"

namespace topobathy {

void AskSink::fail(const std::string& what) const {
  throw Error(ErrorCode::kUnreadable, "'" + without_secrets(request_.url) + "': " + what);
}

void AskSink::fail_length(const std::string& bytes) const {
  fail("the answer has " + bytes + " bytes, more than the " + std::to_string(request_.max_bytes) +
       " that are reasonable for it; the archive has changed, or something else answers in its "
       "place");
}

bool AskSink::begin(const AnswerHead& head) {
  answer_ = {};
  answer_.status = head.status;
  answer_.etag = head.etag;
  answer_.last_modified = head.last_modified;
  answer_.content_type = head.content_type;
  expected_ = -1;
  is_refusal_ = !head.ok();
  limit_ = is_refusal_ ? std::min<std::uint64_t>(request_.max_bytes, http_tuning::kRefusalBytes)
                       : request_.max_bytes;
  if (is_refusal_) return true;
  const bool is_encoded = !head.content_encoding.empty() && head.content_encoding != "identity";
  // An encoded length says nothing about the resource.
  if (!is_encoded) answer_.size = head.length;
  if (request_.method == HttpRequest::Method::kHead) return true;
  if (request_.range && is_encoded)
    fail("a range of it was asked for and the server sent it " + head.content_encoding +
         "-encoded");
  if (head.status == 206) begin_range(head);
  if (head.length >= 0 && static_cast<std::uint64_t>(head.length) > limit_)
    fail_length(std::to_string(head.length));
  return true;
}

void AskSink::begin_range(const AnswerHead& head) {
  const auto got = parse_content_range(head.content_range);
  if (!request_.range || !got)
    fail("the server sent a part that was not asked for (Content-Range \"" + head.content_range +
         "\")");
  answer_.size = got->size;
  // A resource may end within what was asked.
  const std::uint64_t last =
      got->size < 0 ? request_.range->last
                    : std::min(request_.range->last, static_cast<std::uint64_t>(got->size) - 1);
  if (got->bytes.first != request_.range->first || got->bytes.last != last)
    fail("bytes " + std::to_string(request_.range->first) + "-" +
         std::to_string(request_.range->last) + " were asked for and the server sent " +
         head.content_range);
  const std::uint64_t length = last - got->bytes.first + 1;
  if (length > limit_) fail_length(std::to_string(length));
  expected_ = static_cast<std::int64_t>(length);
  limit_ = length;
}

bool AskSink::write(const char* data, std::size_t size) {
  const std::size_t room = static_cast<std::size_t>(limit_) - answer_.body.size();
  if (size <= room) {
    answer_.body.append(data, size);
    return true;
  }
  if (is_refusal_) {
    answer_.body.append(data, room);
    return false;
  }
  fail_length("at least " + std::to_string(answer_.body.size() + size));
}

std::string AskSink::lacking() const {
  const auto got = static_cast<std::int64_t>(answer_.body.size());
  if (expected_ < 0 || expected_ == got) return "";
  return "the body has " + std::to_string(got) + " of " + std::to_string(expected_) + " bytes";
}

HttpAnswer AskSink::take() {
  const bool is_whole = answer_.status == 200 && request_.method != HttpRequest::Method::kHead;
  if (is_whole) answer_.size = static_cast<std::int64_t>(answer_.body.size());
  // A server that does not know ranges sends all: what was asked for is cut out of it.
  if (is_whole && request_.range) {
    if (request_.range->first >= answer_.body.size())
      fail("it has " + std::to_string(answer_.body.size()) + " bytes and none from " +
           std::to_string(request_.range->first) + " on");
    const std::uint64_t last =
        std::min<std::uint64_t>(request_.range->last, answer_.body.size() - 1);
    answer_.body = answer_.body.substr(request_.range->first, last - request_.range->first + 1);
    answer_.status = 206;
  }
  return std::move(answer_);
}

}  // namespace topobathy
