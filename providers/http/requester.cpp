#include "providers/http/requester.h"

#include <algorithm>
#include <array>
#include <utility>

#include "fusion/error.h"
#include "providers/http/tuning.h"
#include "providers/http/url.h"

namespace topobathy {
namespace {

[[noreturn]] void fail(const std::string& url, const std::string& what) {
  throw Error(ErrorCode::kUnreadable, "'" + without_secrets(url) + "': " + what);
}

bool is_answer(int status) {
  constexpr std::array kRefusals = {401, 403, 404, 409, 410};
  return (status >= 200 && status < 300) ||
         std::find(kRefusals.begin(), kRefusals.end(), status) != kRefusals.end();
}

bool is_secure(const std::string& url) {
  const auto parts = parse_url(url);
  return parts && parts->scheme == "https";
}

/// "https://host/a (asked at http://mirror/a)": who has configured a mirror wants to see it.
std::string place(const std::string& published, const std::string& resolved) {
  const std::string at = without_secrets(resolved);
  return at == without_secrets(published) ? "" : " (asked at " + at + ")";
}

}  // namespace

Requester::Requester(Endpoints endpoints, Clock& clock, const HttpLimits& limits)
    : endpoints_(std::move(endpoints)), clock_(clock), limits_(limits), pool_(limits.parallel) {}

AnswerHead Requester::send(const Ask& ask, AnswerSink& sink, const Judge& judge, double seconds,
                           const Progress& progress) {
  Retry retry(clock_, limits_, seconds);
  std::uint64_t safe = progress();
  for (;;) {
    Exchange wanted = ask();
    const std::string published = wanted.url;
    const ExchangeResult result = follow(wanted, sink, retry);
    const int status = result.head.status;
    std::string trouble = result.problem;
    if (trouble.empty() && may_pass_status(status))
      trouble = "the server says HTTP " + std::to_string(status);
    if (trouble.empty()) trouble = judge(result.head);
    if (trouble.empty() && !is_answer(status))
      fail(published, "the server refuses the request with HTTP " + std::to_string(status));
    if (trouble.empty()) return result.head;
    trouble += place(published, endpoints_.resolve(published));
    if (!result.problem.empty() && !may_pass(result.code)) fail(published, trouble);
    if (progress() >= safe + http_tuning::kProgressBytes) retry.progressed();
    safe = progress();
    if (!retry.again(result.problem.empty() ? result.head.retry_after : ""))
      fail(published, trouble + " " + retry.why() +
                          "; check the network connection, try again later, or open with "
                          "OFFLINE=YES for what is cached");
  }
}

ExchangeResult Requester::follow(const Exchange& first, AnswerSink& sink, const Retry& retry) {
  const std::string published = first.url;
  Exchange wanted = first;
  if (!endpoints_.allows(published))
    fail(published, "it is at no host of a known archive; only those are asked");
  wanted.url = endpoints_.resolve(published);
  for (int hop = 0;; ++hop) {
    wanted.seconds = std::max(1.0, retry.seconds_left());
    ExchangeResult result = at_server(wanted, sink);
    const AnswerHead& head = result.head;
    if (!result.problem.empty() || !head.is_redirect()) return result;
    if (hop == http_tuning::kRedirects)
      fail(published, "more than " + std::to_string(hop) + " redirects, the last to '" +
                          without_secrets(head.location) + "'");
    wanted.url = next_target(published, wanted.url, head.location);
    const bool keeps_method = head.status == 307 || head.status == 308;
    if (!keeps_method && wanted.method == HttpRequest::Method::kPost)
      wanted.method = HttpRequest::Method::kGet;
  }
}

std::string Requester::next_target(const std::string& published, const std::string& from,
                                   const std::string& link) const {
  const std::string location = link.empty() ? "" : absolute_url(from, link);
  if (location.empty()) fail(published, "the server redirects and does not say where to");
  const std::string shown = "the server redirects to '" + without_secrets(location) + "', ";
  if (!endpoints_.allows(location))
    fail(published, shown + "which is no host of a known archive; it is not followed");
  std::string target = endpoints_.resolve(location);
  if (is_secure(from) && !is_secure(target) && !endpoints_.is_base(target))
    fail(published, shown + "which is not encrypted while the archive is; it is not followed");
  return target;
}

ExchangeResult Requester::at_server(const Exchange& wanted, AnswerSink& sink) {
  const auto url = parse_url(wanted.url);
  if (!url) fail(wanted.url, "this is no URL");
  const CurlPool::Loan handle = pool_.borrow(url->origin());
  return exchange(handle.get(), wanted, limits_, sink);
}

}  // namespace topobathy
