#include "providers/stac/sas_tokens.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <map>
#include <mutex>
#include <utility>

#include "fusion/error.h"
#include "providers/stac/json_answer.h"

namespace topobathy {
namespace {

constexpr char kTokenRoot[] = "https://planetarycomputer.microsoft.com/api/sas/v1/token/";
constexpr char kBlobHost[] = ".blob.core.windows.net/";
/// How long a token is used that by this machine's clock has ended: the clock may be wrong, and a
/// token that has really ended is answered with 403.
constexpr std::int64_t kGraceSeconds = 60;

bool consists_of(const std::string& text, const char* more) {
  return !text.empty() && text.size() <= 63 && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string(more).find(c) != std::string::npos;
  });
}

/// Seconds since 1970 of "2030-01-01T00:45:00Z", also with fractions or "+00:00".
std::optional<std::int64_t> utc_seconds(const std::string& text) {
  std::tm time{};
  int used = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%n", &time.tm_year, &time.tm_mon,
                  &time.tm_mday, &time.tm_hour, &time.tm_min, &time.tm_sec, &used) != 6)
    return std::nullopt;
  std::size_t end = static_cast<std::size_t>(used);
  if (end < text.size() && text[end] == '.') end = text.find_first_not_of("0123456789", end + 1);
  const std::string zone = end >= text.size() ? "Z" : text.substr(end);
  if (zone != "Z" && zone != "+00:00") return std::nullopt;
  time.tm_year -= 1900;
  time.tm_mon -= 1;
  return static_cast<std::int64_t>(timegm(&time));
}

/// A query string, and nothing that could end it or the line it stands in.
bool is_query(const std::string& token) {
  return !token.empty() && token.size() <= 4096 && token.find("sig=") != std::string::npos &&
         std::all_of(token.begin(), token.end(), [](char c) {
           return c > 0x20 && c < 0x7f && std::string("\"'#<>\\?").find(c) == std::string::npos;
         });
}

struct Token {
  std::string query;
  std::int64_t usable_until = 0;
  bool proven = false;  ///< a blob has been had with it
};

Token fetch_token(HttpClient& http, Clock& clock, const BlobContainer& container) {
  constexpr std::uint64_t kMaxBytes = 64 << 10;
  HttpRequest request;
  request.url = kTokenRoot + container.key();
  request.max_bytes = kMaxBytes;
  const nlohmann::json answer = json_answer(http.ask(request), request.url, kMaxBytes);
  Token token;
  token.query = text_of(answer, "token");
  const std::optional<std::int64_t> ends = utc_seconds(text_of(answer, "msft:expiry"));
  if (!is_query(token.query) || !ends)
    throw Error(ErrorCode::kUnreadable, "'" + request.url +
                                            "': the answer has no token and expiry; try again "
                                            "later");
  token.usable_until = std::max(*ends - SasTokens::kRefreshSeconds, clock.now() + kGraceSeconds);
  return token;
}

}  // namespace

std::string BlobContainer::prefix() const {
  return "https://" + account + kBlobHost + name + "/";
}

std::optional<BlobContainer> container_of(const std::string& url) {
  constexpr char kScheme[] = "https://";
  if (url.rfind(kScheme, 0) != 0) return std::nullopt;
  const std::size_t host = sizeof kScheme - 1;
  const std::size_t dot = url.find(kBlobHost, host);
  if (dot == std::string::npos) return std::nullopt;
  const std::size_t from = dot + sizeof kBlobHost - 1;
  const std::size_t slash = url.find('/', from);
  if (slash == std::string::npos) return std::nullopt;
  BlobContainer container{url.substr(host, dot - host), url.substr(from, slash - from)};
  if (!consists_of(container.account, "") || !consists_of(container.name, "-$"))
    return std::nullopt;
  return container;
}

/// The tokens by container.
class SasTokens::Store {
 public:
  Store(std::shared_ptr<HttpClient> http, Clock& clock) : http_(std::move(http)), clock_(clock) {}

  std::string query(const BlobContainer& container) {
    Slot& slot = slot_of(container);
    const std::lock_guard<std::mutex> lock(slot.mutex);
    if (slot.token.query.empty() || clock_.now() >= slot.token.usable_until)
      slot.token = fetch_token(*http_, clock_, container);
    return slot.token.query;
  }

  /// What came of a query; another thread may have a new token already.
  void report(const BlobContainer& container, const std::string& query, const HttpAnswer& answer) {
    Slot& slot = slot_of(container);
    const std::lock_guard<std::mutex> lock(slot.mutex);
    if (slot.token.query != query) return;
    if (answer.status == 403) slot.token = {};
    if (answer.ok()) slot.token.proven = true;
  }

  bool is_proven(const BlobContainer& container) {
    Slot& slot = slot_of(container);
    const std::lock_guard<std::mutex> lock(slot.mutex);
    return slot.token.proven && clock_.now() < slot.token.usable_until;
  }

 private:
  struct Slot {
    std::mutex mutex;  ///< held while a token is fetched: others want the same one
    Token token;
  };

  Slot& slot_of(const BlobContainer& container) {
    const std::lock_guard<std::mutex> lock(mutex_);
    return slots_[container.key()];  // stays where it is
  }

  const std::shared_ptr<HttpClient> http_;
  Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Slot> slots_;
};

SasTokens::SasTokens(std::shared_ptr<HttpClient> http, Clock& clock, Announce announce)
    : store_(std::make_shared<Store>(http, clock)),
      http_(std::move(http)),
      announce_(std::move(announce)) {}

SasTokens::~SasTokens() = default;

std::shared_ptr<SasTokens> SasTokens::shared(const ArchiveContext& context) {
  static std::mutex& mutex = *new std::mutex;
  static auto& all = *new std::map<const HttpClient*, std::weak_ptr<SasTokens>>;
  const std::lock_guard<std::mutex> lock(mutex);
  // Tokens hold their client, so an address that is found alive is that of the same client.
  std::weak_ptr<SasTokens>& known = all[context.http.get()];
  std::shared_ptr<SasTokens> tokens = known.lock();
  if (!tokens) known = tokens = std::make_shared<SasTokens>(context.http, *context.clock);
  return tokens;
}

std::string SasTokens::sign(const std::string& url) {
  const std::optional<BlobContainer> container = container_of(url);
  return container ? url + "?" + store_->query(*container) : url;
}

HttpAnswer SasTokens::ask(const HttpRequest& request) {
  const std::optional<BlobContainer> container = container_of(request.url);
  if (!container) return http_->ask(request);
  HttpAnswer answer;
  for (int round = 0; round < 2; ++round) {
    const std::string query = store_->query(*container);
    HttpRequest signed_request = request;
    signed_request.url += "?" + query;
    answer = http_->ask(signed_request);
    store_->report(*container, query, answer);
    if (answer.status != 403) break;
  }
  return answer;
}

void SasTokens::open_paths(const std::string& url, const Endpoints& endpoints) {
  const std::optional<BlobContainer> container = container_of(url);
  if (!container) return;
  if (!store_->is_proven(*container)) {
    HttpRequest head;
    head.url = url;
    head.method = HttpRequest::Method::kHead;
    require_body(ask(head), url);
  }
  announce_(endpoints.resolve(container->prefix()),
            [store = store_, container = *container] { return store->query(container); });
}

}  // namespace topobathy
