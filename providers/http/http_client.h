#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace topobathy {

/// Bytes of a resource, both ends included.
struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

/// What is asked of an archive. URLs are those that the archive publishes (https://host/...): where
/// an endpoint is configured otherwise the client turns to it by itself, so that keys, provenance
/// and caches never see it.
struct HttpRequest {
  enum class Method { kGet, kHead, kPost, kDelete };
  std::string url;
  Method method = Method::kGet;
  std::string body = {};  ///< of a POST, JSON
  std::optional<ByteRange> range = {};
  std::uint64_t max_bytes = std::uint64_t{64} << 20;  ///< a longer body is an error
};

/// What the server finally says. 2xx, and refusals that mean something to who asked: 401, 403, 404,
/// 409, 410.
struct HttpAnswer {
  int status = 0;
  std::string body;
  std::string etag;           ///< as sent, quotes included; "" = none
  std::string last_modified;  ///< as sent
  std::string content_type;
  std::int64_t size = -1;  ///< bytes of the whole resource where the server tells, else -1

  bool ok() const noexcept { return status >= 200 && status < 300; }
  /// The server says that there is no such thing (and not that it cannot tell).
  bool absent() const noexcept { return status == 404 || status == 410; }
};

/// A whole file wanted on disk.
struct Download {
  std::string url;
  std::string path;  ///< of the finished file; its directory is made when missing
  std::optional<std::uint64_t> size = {};  ///< as the archive's index states it
  std::string sha256 = {};                 ///< lower-case hex, "" = not published
  std::uint64_t max_bytes = std::uint64_t{16} << 30;
  /// False: a file that is at the path already and has this size and SHA-256 (as far as they are
  /// given) is taken as it is, without a request. True: it is of another edition and replaced.
  bool replace = false;
};

/// HTTP as providers see it. One call is one resource: timeouts, deadline, retries with back-off
/// for what may pass (time-outs, broken connections and bodies, 429, 5xx; Retry-After is honoured),
/// bounded parallel requests a host, connection reuse, a limit of bytes, and redirects to known
/// hosts only are its business. Thread-safe.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  /// \throws Error(kUnreadable): no final answer could be had, the body was cut, too long or the
  /// host is not a known one; Error(kNotFound) is never thrown: see HttpAnswer::absent(). Messages
  /// name the URL without its query.
  virtual HttpAnswer ask(const HttpRequest& request) = 0;
  /// The file, complete and checked (length, size, SHA-256), or nothing at the path: it is written
  /// beside it, resumed by range after a break (of an earlier process too), synced and renamed.
  /// Threads and processes that want one path fetch it once. The answer has no body; its status
  /// says whether there is a file. \throws Error(kUnreadable), Error(kCache) for the disk
  virtual HttpAnswer download(const Download& wanted) = 0;
};

/// The URL without query and user, for messages and provenance: signatures are secrets.
std::string without_secrets(const std::string& url);

/// The body of an answer that must be there. \throws Error(kNotFound) 404 and 410;
/// Error(kUnreadable) other refusals
const std::string& require_body(const HttpAnswer& answer, const std::string& url);

}  // namespace topobathy
