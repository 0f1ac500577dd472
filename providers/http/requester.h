#pragma once

#include <functional>
#include <string>

#include "providers/http/clock.h"
#include "providers/http/curl_pool.h"
#include "providers/http/endpoints.h"
#include "providers/http/exchange.h"
#include "providers/http/http_limits.h"
#include "providers/http/retry.h"

namespace topobathy {

/// Sends a request as often, and to as many servers, as a final answer takes. Thread-safe.
class Requester {
 public:
  Requester(Endpoints endpoints, Clock& clock, const HttpLimits& limits);

  /// What the next try asks for; its url is the published one.
  using Ask = std::function<Exchange()>;
  /// Whether an answer that came to its end is whole: "" or what it lacks. A try that lacks
  /// something is made again.
  using Judge = std::function<std::string(const AnswerHead&)>;
  /// Bytes that are safe so far, of a download.
  using Progress = std::function<std::uint64_t()>;

  /// The head of the final answer: 2xx, 401, 403, 404, 409, 410; its body went to `sink`.
  /// \throws Error(kUnreadable), and what the sink throws
  AnswerHead send(const Ask& ask, AnswerSink& sink, const Judge& judge, double seconds,
                  const Progress& progress);

  const HttpLimits& limits() const noexcept { return limits_; }

 private:
  ExchangeResult follow(const Exchange& wanted, AnswerSink& sink, const Retry& retry);
  std::string next_target(const std::string& published, const std::string& from,
                          const std::string& link) const;
  ExchangeResult at_server(const Exchange& wanted, AnswerSink& sink);

  const Endpoints endpoints_;
  Clock& clock_;
  const HttpLimits limits_;
  CurlPool pool_;
};

}  // namespace topobathy
