#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "providers/http/http_client.h"
#include "providers/http/http_limits.h"

namespace topobathy {

/// What a server says before the body. "" = not said.
struct AnswerHead {
  int status = 0;
  std::string etag;
  std::string last_modified;
  std::string content_type;
  std::string content_encoding;
  std::string content_range;
  std::string retry_after;
  std::string location;
  std::int64_t length = -1;  ///< Content-Length

  bool ok() const noexcept { return status >= 200 && status < 300; }
  bool is_redirect() const noexcept;
};

/// Takes an answer while it comes. What a member throws ends the transfer and reaches the caller of
/// exchange().
class AnswerSink {
 public:
  virtual ~AnswerSink() = default;
  /// The head is there. False = the body is not wanted: the transfer ends well.
  virtual bool begin(const AnswerHead& head) = 0;
  /// Some of the body. False = enough of it.
  virtual bool write(const char* data, std::size_t size) = 0;
};

/// One request to one server: no retry, no redirect.
struct Exchange {
  std::string url;  ///< to connect to
  HttpRequest::Method method = HttpRequest::Method::kGet;
  const std::string* body = nullptr;  ///< of a POST
  std::string range;                  ///< "0-99", "100-", "" = all
  std::string if_range;               ///< ETag, "" = none
  bool decode = true;                 ///< take the Content-Encoding off, should there be one
  double seconds = 0.0;               ///< that it may take
  std::vector<std::string> headers;   ///< further ones, "Name: value"
  std::function<bool()> stopped;      ///< asked about once a second; true ends the transfer
};

struct ExchangeResult {
  AnswerHead head;
  CURLcode code = CURLE_OK;
  std::string problem;  ///< why the answer did not come to its end; "" = it did
};

/// \pre `handle` has no options but its connection
ExchangeResult exchange(CURL* handle, const Exchange& wanted, const HttpLimits& limits,
                        AnswerSink& sink);

/// Problems that may be gone with the next try: names, connections, time-outs, broken answers. Not
/// certificates, nor what the request itself is to blame for.
bool may_pass(CURLcode code) noexcept;

}  // namespace topobathy
