#include "utils/serve/server/http_messages.h"

#include <algorithm>
#include <array>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/write.hpp>
#include <cctype>
#include <ctime>
#include <sstream>

#include "utils/serve/http_error.h"

namespace topobathy {
namespace {

namespace http = boost::beast::http;

/// What two answers would be to, if it stood twice.
constexpr std::array<const char*, 6> kOnce = {"host",           "origin",       "authorization",
                                              "content-length", "content-type", "sec-fetch-site"};

std::string lower_case(boost::beast::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

std::string http_date() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  std::array<char, 40> text{};
  ::gmtime_r(&now, &parts);
  std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return text.data();
}

}  // namespace

RequestHead read_head(const HttpRequest& request, bool peer_is_loopback) {
  RequestHead head;
  head.method = std::string(request.method_string());
  head.target = std::string(request.target());
  head.peer_is_loopback = peer_is_loopback;
  head.is_old = request.version() < 11;
  for (const auto& field : request) {
    const std::string name = lower_case(field.name_string());
    const auto [known, is_new] = head.headers.emplace(name, std::string(field.value()));
    if (is_new) continue;
    if (std::find(kOnce.begin(), kOnce.end(), name) != kOnce.end())
      throw HttpError(400, "the header " + name + " stands twice: send it once");
    known->second.append(", ").append(std::string(field.value()));
  }
  return head;
}

std::optional<ServiceAnswer> refuse_body(const HttpRequest& request) {
  // What this parser does not understand another one might: nothing is guessed about where the
  // next request begins.
  const auto coding = request.find(http::field::transfer_encoding);
  if (coding != request.end() && lower_case(coding->value()) != "chunked")
    return refusal(400, "Transfer-Encoding may be chunked only");
  const auto encoding = request.find(http::field::content_encoding);
  if (encoding != request.end() && lower_case(encoding->value()) != "identity")
    return refusal(415, "a body with a Content-Encoding is not taken: send it as it is");
  const auto expected = request.find(http::field::expect);
  if (expected != request.end() && lower_case(expected->value()) != "100-continue")
    return refusal(417, "the only expectation this server knows is 100-continue");
  return std::nullopt;
}

bool expects_continue(const HttpRequest& request) {
  return request.version() >= 11 && request.find(http::field::expect) != request.end();
}

std::string answer_head(const Exchange& exchange, std::optional<std::uint64_t> length,
                        bool keep_alive) {
  const ServiceAnswer& answer = exchange.answer;
  http::response<http::empty_body> head(static_cast<http::status>(answer.status), 11);
  head.set(http::field::server, "topobathy");
  head.set(http::field::date, http_date());
  head.set("X-Request-Id", exchange.id);
  head.set("X-Content-Type-Options", "nosniff");
  if (!answer.type.empty()) head.set(http::field::content_type, answer.type);
  for (const auto& [name, value] : answer.headers)
    if (value.find_first_of("\r\n") == std::string::npos) head.set(name, value);
  const bool has_body = answer.status >= 200 && answer.status != 204 && answer.status != 304;
  if (has_body && length) head.content_length(*length);
  if (has_body && !length && !exchange.is_old) head.chunked(true);
  if (!keep_alive)
    head.set(http::field::connection, "close");
  else if (exchange.is_old)
    head.set(http::field::connection, "keep-alive");
  std::ostringstream text;
  text << head.base();
  return text.str();
}

}  // namespace topobathy
