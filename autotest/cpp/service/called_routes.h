#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "fusion/error.h"
#include "utils/serve/http_error.h"
#include "utils/serve/route.h"

namespace topobathy::testing_support {

inline std::vector<std::string> path_parts(const std::string& path) {
  std::vector<std::string> parts(1);
  for (const char c : path) {
    if (c == '/')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

/// What stands for the pattern's names; nothing where the path is not of the pattern.
inline std::optional<std::vector<std::string>> names_in(const std::string& pattern,
                                                        const std::string& path) {
  const auto wanted = path_parts(pattern), given = path_parts(path);
  if (wanted.size() != given.size()) return std::nullopt;
  std::vector<std::string> names;
  for (std::size_t k = 0; k < wanted.size(); ++k) {
    if (!wanted[k].empty() && wanted[k].front() == '{')
      names.push_back(given[k]);
    else if (wanted[k] != given[k])
      return std::nullopt;
  }
  return names;
}

/// Routes called without a server.
class CalledRoutes {
 public:
  explicit CalledRoutes(Routes routes) : routes_(std::move(routes)) {}

  /// Method and path: "POST /hydrate". \throws std::logic_error: there is no such route
  std::pair<const Route*, ServiceRequest> at(const std::string& what) const {
    const std::size_t space = what.find(' ');
    const std::string method = what.substr(0, space);
    ServiceRequest request;
    request.method = method == "POST"     ? HttpMethod::kPost
                     : method == "DELETE" ? HttpMethod::kDelete
                                          : HttpMethod::kGet;
    request.path = what.substr(space + 1);
    for (const Route& route : routes_)
      if (auto names = names_in(route.pattern, request.path);
          names && route.method == request.method) {
        request.parts = *std::move(names);
        return {&route, request};
      }
    throw std::logic_error("no route " + what);
  }

  struct Answer {
    int status = 0;
    nlohmann::json json;
    std::optional<int> retry_after;
    std::string detail() const { return json.value("detail", ""); }
  };
  Answer call(const std::string& what, const nlohmann::json& body = nullptr,
              const std::map<std::string, std::string>& query = {}) const {
    return call_text(what, body.is_null() ? "" : body.dump(), query);
  }
  Answer call_text(const std::string& what, const std::string& body,
                   const std::map<std::string, std::string>& query = {}) const {
    auto [route, request] = at(what);
    request.body = body;
    request.query = query;
    try {
      const ServiceAnswer answer = route->handler(request);
      return {answer.status, nlohmann::json::parse(std::get<std::string>(answer.body)), {}};
    } catch (const HttpError& error) {
      return {error.status(), {{"detail", error.what()}}, error.retry_after()};
    }
  }

  const Routes& all() const noexcept { return routes_; }

 private:
  Routes routes_;
};

}  // namespace topobathy::testing_support
