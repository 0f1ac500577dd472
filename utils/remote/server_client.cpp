#include "utils/remote/server_client.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "cache/json_text.h"
#include "fusion/error.h"
#include "providers/http/retry.h"
#include "utils/json_values.h"

namespace topobathy {
namespace {

using Method = HttpRequest::Method;

/// Seconds for one request, its tries included. Tiles are drawn while one waits.
constexpr double kRequestSeconds = 120.0;
constexpr double kSleepSlice = 0.1;
constexpr std::size_t kShownDetail = 500;  ///< characters of a refusal

/// Waits between tries, but no longer than the user wants.
class ImpatientClock final : public Clock {
 public:
  ImpatientClock(Clock& clock, const std::function<bool()>& stopped)
      : clock_(clock), stopped_(stopped) {}
  std::int64_t now() const override { return clock_.now(); }
  void sleep(double seconds) override {
    for (double left = seconds; left > 0; left -= kSleepSlice) {
      if (stopped_ && stopped_()) throw Error(ErrorCode::kCancelled, "stopped");
      clock_.sleep(std::min(left, kSleepSlice));
    }
  }

 private:
  Clock& clock_;
  const std::function<bool()>& stopped_;
};

class BodySink final : public AnswerSink {
 public:
  explicit BodySink(std::uint64_t max_bytes) : max_bytes_(max_bytes) {}
  bool begin(const AnswerHead&) override { return true; }
  bool write(const char* data, std::size_t size) override {
    if (body_.size() + size > max_bytes_)
      throw Error(ErrorCode::kUnreadable, "the answer has more than " + std::to_string(max_bytes_) +
                                              " bytes: something else answers there");
    body_.append(data, size);
    return true;
  }
  std::string take() { return std::move(body_); }

 private:
  const std::uint64_t max_bytes_;
  std::string body_;
};

/// Whether a request that has failed like this has surely begun nothing.
bool had_no_effect(int status, CURLcode code) {
  return status == 429 || status == 503 || code == CURLE_COULDNT_CONNECT ||
         code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY;
}

/// FastAPI's list of what is wrong: [{"loc": ["body", "bbox"], "msg": "..."}].
std::string list_text(const nlohmann::json& list) {
  std::string text;
  for (const auto& item : list) {
    std::string place;
    if (item.is_object() && item.contains("loc") && item["loc"].is_array())
      for (const auto& part : item["loc"])
        if (part != "body")
          place += (place.empty() ? "" : ".") +
                   (part.is_string() ? part.get<std::string>() : part.dump());
    const bool has_message = item.is_object() && item.contains("msg") && item["msg"].is_string();
    text += (text.empty() ? "" : "; ") + (place.empty() ? "" : place + ": ") +
            (has_message ? item["msg"].get<std::string>() : item.dump());
  }
  return text;
}

std::string detail_of(const std::string& body) {
  const auto object = parse_foreign_json(body);
  if (object.is_object())
    for (const char* const name : {"detail", "message", "error"}) {
      if (!object.contains(name)) continue;
      const auto& detail = object[name];
      if (detail.is_string()) return detail.get<std::string>();
      if (detail.is_array()) return list_text(detail);
    }
  return body;
}

}  // namespace

std::string refusal_text(const ServerAnswer& answer) {
  std::string detail = one_line(detail_of(answer.body));
  if (detail.size() > kShownDetail) detail = detail.substr(0, kShownDetail) + "...";
  return "HTTP " + std::to_string(answer.status) + (detail.empty() ? "" : ": " + detail);
}

ServerClient::ServerClient(Setup setup) : setup_(std::move(setup)), pool_(setup_.limits.parallel) {}

ServerClient::Outcome ServerClient::attempt(const Exchange& wanted, std::uint64_t max_bytes) {
  const CurlPool::Loan handle = pool_.borrow(setup_.address.url.origin());
  BodySink sink(max_bytes);
  ExchangeResult result = exchange(handle.get(), wanted, setup_.limits, sink);
  return {{result.head.status, sink.take()},
          result.head.retry_after,
          std::move(result.problem),
          result.code};
}

ServerAnswer ServerClient::ask(Method method, const std::string& path, const std::string& body,
                               std::uint64_t max_bytes) {
  ImpatientClock clock(*setup_.clock, setup_.stopped);
  Retry retry(clock, setup_.limits, kRequestSeconds);
  Exchange wanted;
  wanted.url = setup_.address.base + path;
  wanted.method = method;
  wanted.body = &body;
  wanted.stopped = setup_.stopped;
  if (!setup_.address.authorization.empty())
    wanted.headers.push_back("Authorization: " + setup_.address.authorization);
  for (;;) {
    wanted.seconds = std::max(1.0, retry.seconds_left());
    Outcome outcome = attempt(wanted, max_bytes);
    if (setup_.stopped && outcome.code == CURLE_ABORTED_BY_CALLBACK)
      throw Error(ErrorCode::kCancelled, "stopped");
    const int status = outcome.problem.empty() ? outcome.answer.status : 0;
    const bool passing = outcome.problem.empty() ? may_pass_status(status) : may_pass(outcome.code);
    const bool safe = method != Method::kPost || had_no_effect(status, outcome.code);
    if (passing && safe && retry.again(outcome.retry_after)) continue;
    if (outcome.problem.empty()) return std::move(outcome.answer);
    throw Error(ErrorCode::kUnreadable, "no answer from " + setup_.address.base + ": " +
                                            outcome.problem +
                                            (retry.why().empty() ? "" : " " + retry.why()));
  }
}

}  // namespace topobathy
