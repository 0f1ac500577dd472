#include "providers/http/offline_client.h"

#include "fusion/error.h"

namespace topobathy {
namespace {

class OfflineClient final : public HttpClient {
 public:
  HttpAnswer ask(const HttpRequest& request) override { refuse(request.url); }
  HttpAnswer download(const Download& wanted) override { refuse(wanted.url); }

 private:
  [[noreturn]] static void refuse(const std::string& url) {
    throw Error(ErrorCode::kUnreadable,
                "'" + without_secrets(url) +
                    "' is on the network and OFFLINE is on: it is not in the cache; open once "
                    "without OFFLINE while there is a network, and it will be");
  }
};

}  // namespace

std::shared_ptr<HttpClient> make_offline_client() {
  return std::make_shared<OfflineClient>();
}

}  // namespace topobathy
