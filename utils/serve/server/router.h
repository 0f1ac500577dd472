#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "utils/serve/route.h"

namespace topobathy {

/// Finds the route of a request. A part that a pattern spells out comes before a {name}, which
/// comes before a "{name*}": that one stands at the end for all the rest. Immutable, thread-safe.
class Router {
 public:
  /// \throws Error(kInternal): two routes with one method and pattern
  explicit Router(Routes routes);

  struct Match {
    const Route* route = nullptr;    ///< null: none takes this path and method
    std::size_t index = 0;           ///< in routes()
    std::vector<std::string> parts;  ///< what stands for the {names}
    std::string allowed;  ///< "GET, HEAD, POST": what the path takes; "" = there is no such path
  };
  /// \param method as in the request; HEAD is answered by the route of GET
  Match find(const std::string& method, const std::vector<std::string>& parts) const;

  const Routes& routes() const noexcept { return routes_; }

 private:
  struct Pattern {
    std::vector<std::string> parts;
    std::string order;  ///< the smaller, the more is spelt out
  };
  static Pattern read_pattern(const std::string& text);

  Routes routes_;
  std::vector<Pattern> patterns_;  ///< of the routes, in their order
};

const char* method_name(HttpMethod method) noexcept;

}  // namespace topobathy
