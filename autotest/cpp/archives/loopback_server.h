#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace topobathy {

/// A request as it came; header names in lower case.
struct SeenRequest {
  std::string method;
  std::string target;  ///< path and query
  std::map<std::string, std::string> headers;
  std::string body;

  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
};

/// What the server does with a request, faults included.
struct ScriptedAnswer {
  int status = 200;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  bool ranges = false;                   ///< Range and If-Range (on the ETag header) are understood
  std::optional<std::size_t> cut_after;  ///< closes after so many bytes of the body
  std::optional<std::int64_t> declared;  ///< a Content-Length other than the truth; -1 = none
  bool hang = false;                     ///< no answer until the client or the server goes away
  double pause = 0.0;                    ///< seconds before the answer
  std::optional<std::string> raw;        ///< these bytes instead of an answer
};

/// An HTTP/1.1 server on the loopback interface, one thread a connection. What is not put is 404.
class LoopbackServer {
 public:
  using Handler = std::function<ScriptedAnswer(const SeenRequest&)>;

  LoopbackServer();
  ~LoopbackServer();

  /// "http://127.0.0.1:<port>" + target
  std::string url(const std::string& target) const;
  /// The answers to one target (query included) in turn; the last one again and again.
  void put(const std::string& target, std::vector<ScriptedAnswer> answers);
  void put(const std::string& target, Handler handler);

  std::vector<SeenRequest> requests() const;
  std::size_t count() const { return requests().size(); }
  int connections() const;
  int most_at_once() const;  ///< requests that were being answered at the same time

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace topobathy
