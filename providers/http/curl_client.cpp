#include "providers/http/curl_client.h"

#include "providers/http/ask_sink.h"
#include "providers/http/downloader.h"
#include "providers/http/requester.h"
#include "providers/http/url.h"

namespace topobathy {
namespace {

Exchange exchange_of(const HttpRequest& request) {
  Exchange exchange;
  exchange.url = request.url;
  exchange.method = request.method;
  exchange.body = &request.body;
  if (request.range)
    exchange.range =
        std::to_string(request.range->first) + "-" + std::to_string(request.range->last);
  exchange.decode = !request.range && !is_gzip_file(request.url);
  return exchange;
}

class CurlClient final : public HttpClient {
 public:
  explicit CurlClient(const HttpSetup& setup)
      : requester_(setup.endpoints, *setup.clock, setup.limits),
        downloader_(requester_, *setup.files) {}

  HttpAnswer ask(const HttpRequest& request) override {
    AskSink sink(request);
    requester_.send([&] { return exchange_of(request); }, sink,
                    [&](const AnswerHead&) { return sink.lacking(); },
                    requester_.limits().request_seconds, [] { return std::uint64_t{0}; });
    return sink.take();
  }

  HttpAnswer download(const Download& wanted) override { return downloader_.download(wanted); }

 private:
  Requester requester_;
  Downloader downloader_;
};

}  // namespace

std::shared_ptr<HttpClient> make_http_client(const HttpSetup& setup) {
  return std::make_shared<CurlClient>(setup);
}

}  // namespace topobathy
