#pragma once

#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "fusion/error.h"
#include "providers/http/http_client.h"

namespace topobathy {

/// An HTTP client without a network: answers what a test put there, 404 for the rest, and fails the
/// n-th call when told so.
class FakeHttp final : public HttpClient {
 public:
  using Answer = std::function<HttpAnswer(const HttpRequest&)>;

  /// The body of a URL, query included.
  void put(const std::string& url, const std::string& body, const std::string& etag = "\"1\"") {
    answers_[url] = [=](const HttpRequest& request) { return found(request, body, etag); };
  }
  void put(const std::string& url, Answer answer) { answers_[url] = std::move(answer); }
  void remove(const std::string& url) { answers_.erase(url); }
  /// The n-th call from now on (1 = the next) throws.
  void fail_call(int n) { fail_at_ = static_cast<int>(calls_.size()) + n; }
  const std::vector<std::string>& calls() const { return calls_; }

  HttpAnswer ask(const HttpRequest& request) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    calls_.push_back(request.url);
    if (static_cast<int>(calls_.size()) == fail_at_)
      throw Error(ErrorCode::kUnreadable, "'" + without_secrets(request.url) + "': no answer");
    const auto known = answers_.find(request.url);
    if (known != answers_.end()) return known->second(request);
    HttpAnswer answer;
    answer.status = 404;
    return answer;
  }

  HttpAnswer download(const Download& wanted) override {
    HttpRequest request;
    request.url = wanted.url;
    HttpAnswer answer = ask(request);
    if (answer.ok()) std::ofstream(wanted.path, std::ios::binary) << answer.body;
    answer.body.clear();
    return answer;
  }

 private:
  static HttpAnswer found(const HttpRequest& request, const std::string& body,
                          const std::string& etag) {
    HttpAnswer answer;
    answer.status = request.range ? 206 : 200;
    answer.size = static_cast<std::int64_t>(body.size());
    answer.etag = etag;
    if (request.method == HttpRequest::Method::kHead) return answer;
    answer.body = request.range ? body.substr(request.range->first,
                                              request.range->last - request.range->first + 1)
                                : body;
    return answer;
  }

  std::map<std::string, Answer> answers_;
  std::vector<std::string> calls_;
  int fail_at_ = 0;
  std::mutex mutex_;
};

}  // namespace topobathy
