#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "cache/bytes.h"

namespace topobathy {

enum class HttpMethod { kGet, kPost, kDelete };

/// A request as a route sees it: checked by the server for size and form, everything decoded.
struct ServiceRequest {
  HttpMethod method = HttpMethod::kGet;
  std::string path;                            ///< without query
  std::vector<std::string> parts;              ///< what stands for the pattern's {names}
  std::map<std::string, std::string> query;    ///< a name that comes twice is refused before
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
  std::function<bool()> gone = [] { return false; };  ///< nobody waits for the answer any more
};

/// A file that is sent and, where it was made for this answer alone, removed.
struct FileBody {
  std::string path;
  bool remove = false;
};

struct ServiceAnswer {
  int status = 200;
  std::string type = "application/json";  ///< Content-Type; "" with 204 and 304
  std::vector<std::pair<std::string, std::string>> headers;
  std::variant<std::string, std::shared_ptr<const Bytes>, FileBody> body;
};

/// What is shown of something that changes until it is over: frames of a WebSocket, events of a
/// stream. Asked by one thread at a time, a few times a second; a text that equals the one before
/// is not sent again.
class Followed {
 public:
  virtual ~Followed() = default;
  virtual std::string look() = 0;    ///< one JSON text
  virtual bool is_over() const = 0;  ///< the text last given was the last
};

/// Who may ask. kChange: the token, or a loopback client of a server bound to loopback, without a
/// proxy's headers and from an allowed Origin.
enum class Access { kRead, kChange };
/// kQuick: milliseconds, no fusing. kHeavy: waits for one of the few places of heavy work (503 with
/// Retry-After when none comes free in time).
enum class Cost { kQuick, kHeavy };

/// What /openapi.json says of a route.
struct RouteDoc {
  std::string summary;
  /// OpenAPI 3 parameter objects of the query, and the body's schema (null: no body).
  nlohmann::json parameters = nlohmann::json::array();
  nlohmann::json body;
};

/// Handlers are called by many threads at once. They throw HttpError, or Error: kUsage and kPolicy
/// become 400, kNotFound 404, others 500 or 502 with a message without paths.
struct Route {
  using Handler = std::function<ServiceAnswer(const ServiceRequest&)>;
  using AtHand = std::function<std::optional<ServiceAnswer>(const ServiceRequest&)>;
  using Follow = std::function<std::unique_ptr<Followed>(const ServiceRequest&)>;

  HttpMethod method = HttpMethod::kGet;
  std::string pattern;  ///< "/tiles/{z}/{x}/{y}": a name stands for one part of the path
  Access access = Access::kRead;
  Cost cost = Cost::kQuick;
  RouteDoc doc;
  Handler handler;
  /// Of a kHeavy route, where some answers are at hand (a tile that is kept): asked first, as
  /// quick work; only where it has none the handler waits for a place. May be empty.
  AtHand at_hand;
  /// Of a route with Access::kChange: whether this request changes nothing (a dry run), so that
  /// kRead is enough. Empty: none does. Never throws.
  std::function<bool(const ServiceRequest&)> only_reads;
  Follow follow;  ///< instead of a handler: a path that ends in "/ws" is a WebSocket, else a stream
                  ///< of events
};
using Routes = std::vector<Route>;

/// A quick route that reads.
Route plain_route(const std::string& pattern, const std::string& summary, Route::Handler handler);

ServiceAnswer json_answer(const nlohmann::json& value, int status = 200);
/// {"detail": message}, the form of every refusal.
ServiceAnswer refusal(int status, const std::string& message);

}  // namespace topobathy
