#include "providers/http/exchange.h"

#include <cpl_conv.h>
#include <strings.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <exception>
#include <memory>
#include <string_view>

#include "fusion/error.h"
#include "providers/http/counting.h"
#include "providers/http/tuning.h"
#include "providers/http/user_agent.h"

namespace topobathy {
namespace {

struct FreeList {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

std::string_view trimmed(std::string_view text) {
  const auto is_space = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  while (!text.empty() && is_space(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_space(text.back()))
    text.remove_suffix(1);
  return text;
}

bool equals_caseless(std::string_view a, const char* b) {
  return std::string_view(b).size() == a.size() && strncasecmp(a.data(), b, a.size()) == 0;
}

void take_header(AnswerHead& head, std::string_view name, std::string_view value) {
  const std::array<std::pair<const char*, std::string*>, 7> texts = {
      {{"etag", &head.etag},
       {"last-modified", &head.last_modified},
       {"content-type", &head.content_type},
       {"content-encoding", &head.content_encoding},
       {"content-range", &head.content_range},
       {"retry-after", &head.retry_after},
       {"location", &head.location}}};
  for (const auto& [known, text] : texts)
    if (equals_caseless(name, known)) *text = value;
  // libcurl refuses a malformed length by itself.
  if (equals_caseless(name, "content-length"))
    std::from_chars(value.data(), value.data() + value.size(), head.length);
}

/// What libcurl's callbacks see. No exception passes through libcurl: it waits in `thrown`.
class Receiver {
 public:
  Receiver(CURL* handle, AnswerSink& sink) : handle_(handle), sink_(sink) {}

  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self) {
    return static_cast<Receiver*>(self)->guarded(size * count, &Receiver::header,
                                                 std::string_view(data, size * count));
  }
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self) {
    count_bytes(size * count);
    return static_cast<Receiver*>(self)->guarded(size * count, &Receiver::body,
                                                 std::string_view(data, size * count));
  }

  const AnswerHead& head() const noexcept { return head_; }
  bool has_begun() const noexcept { return has_begun_; }
  bool has_enough() const noexcept { return has_enough_; }
  void rethrow() const {
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  /// libcurl ends the transfer where a callback takes another number of bytes than it got.
  std::size_t guarded(std::size_t size, bool (Receiver::*take)(std::string_view),
                      std::string_view data) noexcept {
    try {
      if ((this->*take)(data)) return size;
      has_enough_ = true;
    } catch (...) {
      thrown_ = std::current_exception();
    }
    return size + 1;
  }

  bool header(std::string_view line) {
    if (has_begun_) return true;  // trailers
    header_bytes_ += line.size();
    if (header_bytes_ > http_tuning::kHeaderBytes)
      throw Error(ErrorCode::kUnreadable, "the server's headers are longer than " +
                                              std::to_string(http_tuning::kHeaderBytes) + " bytes");
    if (line.substr(0, 5) == "HTTP/") head_ = {};
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos)
      take_header(head_, trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
    return !trimmed(line).empty() || end_of_head();
  }

  bool end_of_head() {
    long status = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    head_.status = static_cast<int>(status);
    if (status < 200) return true;
    has_begun_ = true;
    return head_.is_redirect() || sink_.begin(head_);
  }

  bool body(std::string_view data) {
    if (!head_.is_redirect()) return sink_.write(data.data(), data.size());
    // Read for the connection's sake, which can then be used again.
    unread_bytes_ += data.size();
    return unread_bytes_ <= http_tuning::kRefusalBytes;
  }

  CURL* handle_;
  AnswerSink& sink_;
  AnswerHead head_;
  std::size_t header_bytes_ = 0;
  std::size_t unread_bytes_ = 0;
  bool has_begun_ = false;
  bool has_enough_ = false;
  std::exception_ptr thrown_;
};

HeaderList headers_of(const Exchange& wanted) {
  HeaderList list;
  const auto add = [&](const std::string& line) {
    curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(list.release());
    list.reset(longer);
  };
  add("Accept-Encoding: identity");
  if (!wanted.if_range.empty()) add("If-Range: " + wanted.if_range);
  for (const std::string& header : wanted.headers)
    add(header);
  if (wanted.method == HttpRequest::Method::kPost) {
    add("Content-Type: application/json");
    add("Expect:");  // else servers that do not know it cost a second each
  }
  return list;
}

void set_method(CURL* handle, const Exchange& wanted) {
  if (wanted.method == HttpRequest::Method::kHead) curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
  if (wanted.method == HttpRequest::Method::kDelete)
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, "DELETE");
  if (wanted.method != HttpRequest::Method::kPost) return;
  static const std::string none;
  const std::string& body = wanted.body == nullptr ? none : *wanted.body;
  curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(handle, CURLOPT_POSTFIELDS, body.c_str());
}

/// libcurl's question whether to go on; another answer than 0 ends the transfer.
int on_progress(void* wanted, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const Exchange*>(wanted)->stopped() ? 1 : 0;
}

void set_limits(CURL* handle, const Exchange& wanted, const HttpLimits& limits) {
  const auto milliseconds = [](double seconds) {
    return std::max(1L, static_cast<long>(seconds * 1000.0));
  };
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(limits.connect_seconds));
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, milliseconds(wanted.seconds));
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, http_tuning::kSlowBytes);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, limits.slow_seconds);
  if (!wanted.stopped) return;
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &on_progress);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &wanted);
}

/// What the user has told GDAL about the way out counts here too.
void set_surroundings(CURL* handle) {
  const auto set = [handle](CURLoption option, const char* name) {
    const char* const value = CPLGetConfigOption(name, nullptr);
    if (value != nullptr) curl_easy_setopt(handle, option, value);
  };
  set(CURLOPT_PROXY, "GDAL_HTTP_PROXY");
  set(CURLOPT_PROXYUSERPWD, "GDAL_HTTP_PROXYUSERPWD");
  set(CURLOPT_CAINFO, "SSL_CERT_FILE");
  set(CURLOPT_CAINFO, "CURL_CA_BUNDLE");
}

void set_request(CURL* handle, const Exchange& wanted, curl_slist* headers) {
  curl_easy_setopt(handle, CURLOPT_URL, wanted.url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);  // each target is looked at first
  curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, http_tuning::kPieceBytes);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);  // there are threads
  curl_easy_setopt(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(handle, CURLOPT_USERAGENT, user_agent().c_str());
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
  // Turns decoding on; what is asked for is the header of ours.
  if (wanted.decode) curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "identity");
  if (!wanted.range.empty()) curl_easy_setopt(handle, CURLOPT_RANGE, wanted.range.c_str());
  set_method(handle, wanted);
  set_surroundings(handle);
}

std::string problem_text(CURLcode code, const char* detail) {
  return detail[0] != '\0' ? detail : curl_easy_strerror(code);
}

}  // namespace

bool AnswerHead::is_redirect() const noexcept {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

ExchangeResult exchange(CURL* handle, const Exchange& wanted, const HttpLimits& limits,
                        AnswerSink& sink) {
  const HeaderList headers = headers_of(wanted);
  set_request(handle, wanted, headers.get());
  set_limits(handle, wanted, limits);
  Receiver receiver(handle, sink);
  std::array<char, CURL_ERROR_SIZE> detail{};
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, detail.data());
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &Receiver::on_header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &receiver);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &Receiver::on_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &receiver);
  count_request();
  const CURLcode code = curl_easy_perform(handle);
  ExchangeResult result{receiver.head(), code, ""};
  curl_easy_reset(handle);  // it must not remember our buffers
  receiver.rethrow();
  if (code != CURLE_OK && !receiver.has_enough())
    result.problem = problem_text(code, detail.data());
  if (code == CURLE_OK && !receiver.has_begun()) {
    result.code = CURLE_GOT_NOTHING;
    result.problem = "the answer broke off in its headers";
  }
  return result;
}

bool may_pass(CURLcode code) noexcept {
  constexpr std::array kPassing = {CURLE_COULDNT_RESOLVE_PROXY,
                                   CURLE_COULDNT_RESOLVE_HOST,
                                   CURLE_COULDNT_CONNECT,
                                   CURLE_WEIRD_SERVER_REPLY,
                                   CURLE_PARTIAL_FILE,
                                   CURLE_OPERATION_TIMEDOUT,
                                   CURLE_SSL_CONNECT_ERROR,
                                   CURLE_GOT_NOTHING,
                                   CURLE_SEND_ERROR,
                                   CURLE_RECV_ERROR,
                                   CURLE_BAD_CONTENT_ENCODING,
                                   CURLE_UNSUPPORTED_PROTOCOL};
  return std::find(kPassing.begin(), kPassing.end(), code) != kPassing.end();
}

}  // namespace topobathy
