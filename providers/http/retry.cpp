#include "providers/http/retry.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <ctime>
#include <random>

#include "providers/http/counting.h"
#include "providers/http/tuning.h"

namespace topobathy {
namespace {

/// Between kJitter and 1.
double by_chance() {
  thread_local std::minstd_rand random{std::random_device{}()};
  return std::uniform_real_distribution<double>(http_tuning::kJitter, 1.0)(random);
}

std::string whole(double seconds) {
  return std::to_string(static_cast<std::int64_t>(std::ceil(seconds)));
}

}  // namespace

Retry::Retry(Clock& clock, const HttpLimits& limits, double seconds)
    : clock_(clock),
      attempts_(limits.attempts),
      seconds_(seconds),
      deadline_(static_cast<double>(clock.now()) + seconds) {}

double Retry::seconds_left() const {
  return deadline_ - static_cast<double>(clock_.now());
}

bool Retry::again(const std::string& retry_after) {
  if (++failures_ >= attempts_) {
    why_ = "after " + std::to_string(tries_) + (tries_ == 1 ? " try" : " tries");
    return false;
  }
  const double doubled = http_tuning::kFirstPause * std::pow(2.0, std::min(failures_ - 1, 30));
  const double ours = std::min(doubled, http_tuning::kLongestPause) * by_chance();
  const double theirs = retry_after_seconds(retry_after, static_cast<double>(clock_.now()));
  const double pause = std::max(ours, theirs);
  if (pause >= seconds_left()) {
    why_ = theirs > ours ? "and asks to wait " + whole(theirs) +
                               " s, longer than the time limit of " + whole(seconds_) + " s"
                         : "within " + whole(seconds_) + " s";
    return false;
  }
  clock_.sleep(pause);
  ++tries_;
  count_retry();
  return true;
}

bool may_pass_status(int status) noexcept {
  return status == 408 || status == 429 ||
         (status >= 500 && status < 600 && status != 501 && status != 505);
}

double retry_after_seconds(const std::string& header, double now) {
  std::uint32_t seconds = 0;
  const char* const end = header.data() + header.size();
  const auto [stop, error] = std::from_chars(header.data(), end, seconds);
  if (error == std::errc() && stop == end) return seconds;
  const time_t date = curl_getdate(header.c_str(), nullptr);
  return date == -1 ? 0.0 : std::max(0.0, static_cast<double>(date) - now);
}

}  // namespace topobathy
