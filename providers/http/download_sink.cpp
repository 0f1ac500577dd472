#include "providers/http/download_sink.h"

#include "fusion/error.h"
#include "providers/http/content_range.h"
#include "providers/http/url.h"

namespace topobathy {
namespace {

bool is_gzip(const std::string& encoding) {
  return encoding == "gzip" || encoding == "x-gzip";
}

}  // namespace

void DownloadSink::fail(const std::string& what) {
  part_.discard();  // going on with it would fail again
  throw Error(ErrorCode::kUnreadable, "'" + without_secrets(wanted_.url) + "': " + what);
}

Exchange DownloadSink::next() const {
  Exchange exchange;
  exchange.url = wanted_.url;
  exchange.decode = false;
  if (part_.size() == 0 || part_.etag().empty()) return exchange;
  exchange.range = std::to_string(part_.size()) + "-";
  exchange.if_range = part_.etag();
  return exchange;
}

bool DownloadSink::begin(const AnswerHead& head) {
  stale_.clear();
  answer_ = {};
  answer_.status = head.status;
  answer_.etag = head.etag;
  answer_.last_modified = head.last_modified;
  answer_.content_type = head.content_type;
  const bool was_asked_to_go_on = !next().range.empty();
  if (head.status == 416 && was_asked_to_go_on) {
    stale_ = "the server has less of it than was fetched before";
    part_.discard();
    return false;
  }
  if (!head.ok()) return false;
  if (!head.content_encoding.empty() && head.content_encoding != "identity" &&
      !(is_gzip(head.content_encoding) && is_gzip_file(wanted_.url)))
    fail("the server sent it " + head.content_encoding +
         "-encoded although the file as it is was asked for");
  if (head.status == 206) {
    if (!was_asked_to_go_on) fail("the server sent a part that was not asked for");
    return go_on(head);
  }
  if (head.status != 200)
    fail("the server answers HTTP " + std::to_string(head.status) + " and sends no file");
  total_ = head.length;
  require_size(total_);
  part_.start(head.etag);
  answer_.size = total_;
  return true;
}

bool DownloadSink::go_on(const AnswerHead& head) {
  const auto got = parse_content_range(head.content_range);
  const bool fits = got && got->bytes.first == part_.size() && got->size >= 0 &&
                    (head.etag.empty() || head.etag == part_.etag());
  if (!fits) {
    stale_ = "the server sent another part than was asked for";
    part_.discard();
    return false;
  }
  total_ = got->size;
  require_size(total_);
  answer_.size = total_;
  answer_.etag = part_.etag();
  answer_.status = 200;
  return true;
}

void DownloadSink::require_size(std::int64_t total) {
  if (total < 0) return;
  const auto bytes = static_cast<std::uint64_t>(total);
  if (wanted_.size && bytes != *wanted_.size)
    fail("the server has " + std::to_string(bytes) +
         " bytes of it where the archive's index says " + std::to_string(*wanted_.size) +
         "; the index may be of another edition, try again later");
  if (bytes > max_bytes_)
    fail("it has " + std::to_string(bytes) + " bytes, more than the " + std::to_string(max_bytes_) +
         " that may be fetched; raise TOPOBATHY_HTTP_MAX_DOWNLOAD if that is right");
}

bool DownloadSink::write(const char* data, std::size_t size) {
  const std::uint64_t bytes = part_.size() + size;
  if (wanted_.size && bytes > *wanted_.size)
    fail("the server sends more than the " + std::to_string(*wanted_.size) +
         " bytes that the archive's index says");
  if (bytes > max_bytes_)
    fail("it has more than the " + std::to_string(max_bytes_) +
         " bytes that may be fetched; raise TOPOBATHY_HTTP_MAX_DOWNLOAD if that is right");
  part_.append(data, size);
  return true;
}

std::string DownloadSink::lacking(const AnswerHead& head) const {
  if (!stale_.empty()) return stale_;
  if (!head.ok()) return "";
  const auto has = static_cast<std::int64_t>(part_.size());
  const std::int64_t whole = wanted_.size ? static_cast<std::int64_t>(*wanted_.size) : total_;
  if (whole < 0 || whole == has) return "";
  return "the body has " + std::to_string(has) + " of " + std::to_string(whole) + " bytes";
}

}  // namespace topobathy
