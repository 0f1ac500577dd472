#pragma once

#include <string>

#include "providers/http/clock.h"
#include "providers/http/http_limits.h"

namespace topobathy {

/// The tries of one request: how many, how long apart, until when.
class Retry {
 public:
  Retry(Clock& clock, const HttpLimits& limits, double seconds);

  /// After a failed try: sleeps and returns true, or returns false when tries or time are used up;
  /// why() says which. `retry_after`: the server's header, seconds or a date; "" = none.
  bool again(const std::string& retry_after);
  /// The last try got somewhere before it broke: it is not counted.
  void progressed() noexcept { failures_ = 0; }

  double seconds_left() const;
  int tries() const noexcept { return tries_; }
  const std::string& why() const noexcept { return why_; }

 private:
  Clock& clock_;
  const int attempts_;
  const double seconds_;
  const double deadline_;
  int tries_ = 1;
  int failures_ = 0;
  std::string why_;
};

/// Statuses of servers that may do better soon: 408, 429 and 5xx but 501 and 505.
bool may_pass_status(int status) noexcept;

/// Seconds from `now` (since 1970) on that a Retry-After header asks to wait; 0 for what is none.
double retry_after_seconds(const std::string& header, double now);

}  // namespace topobathy
