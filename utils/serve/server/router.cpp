#include "utils/serve/server/router.h"

#include <optional>
#include <set>
#include <utility>

#include "fusion/error.h"

namespace topobathy {
namespace {

// Order of what a part of a pattern may be.
constexpr char kSpelt = '0', kNamed = '1', kRest = '2';

char kind_of_part(const std::string& part) {
  if (part.size() < 2 || part.front() != '{' || part.back() != '}') return kSpelt;
  return part[part.size() - 2] == '*' ? kRest : kNamed;
}

std::string joined_from(const std::vector<std::string>& parts, std::size_t first) {
  std::string text;
  for (std::size_t i = first; i < parts.size(); ++i)
    text.append(i == first ? "" : "/").append(parts[i]);
  return text;
}

/// What stands for the names, or nothing where the pattern is another one.
std::optional<std::vector<std::string>> match_parts(const std::vector<std::string>& pattern,
                                                    const std::vector<std::string>& parts) {
  std::vector<std::string> values;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (i >= parts.size()) return std::nullopt;
    const char kind = kind_of_part(pattern[i]);
    if (kind == kRest) {
      values.push_back(joined_from(parts, i));
      return values;
    }
    if (kind == kSpelt && pattern[i] != parts[i]) return std::nullopt;
    if (kind == kNamed && parts[i].empty()) return std::nullopt;
    if (kind == kNamed) values.push_back(parts[i]);
  }
  if (pattern.size() != parts.size()) return std::nullopt;
  return values;
}

std::string allow_text(const std::set<std::string>& methods) {
  std::string text;
  for (const std::string& method : methods)
    text.append(text.empty() ? "" : ", ").append(method);
  return text;
}

}  // namespace

const char* method_name(HttpMethod method) noexcept {
  switch (method) {
    case HttpMethod::kGet:
      return "GET";
    case HttpMethod::kPost:
      return "POST";
    case HttpMethod::kDelete:
      return "DELETE";
  }
  return "";
}

Router::Pattern Router::read_pattern(const std::string& text) {
  Pattern pattern;
  for (std::size_t begin = 1, end = 0; end != std::string::npos; begin = end + 1) {
    end = text.find('/', begin);
    pattern.parts.push_back(text.substr(begin, end == std::string::npos ? end : end - begin));
    pattern.order += kind_of_part(pattern.parts.back());
  }
  return pattern;
}

Router::Router(Routes routes) : routes_(std::move(routes)) {
  std::set<std::pair<HttpMethod, std::string>> known;
  for (const Route& route : routes_) {
    if (route.pattern.empty() || route.pattern.front() != '/' || !(route.handler || route.follow))
      throw Error(ErrorCode::kInternal, "the route " + route.pattern + " is incomplete");
    if (!known.emplace(route.method, route.pattern).second)
      throw Error(ErrorCode::kInternal,
                  std::string("two routes ") + method_name(route.method) + " " + route.pattern);
    patterns_.push_back(read_pattern(route.pattern));
  }
}

Router::Match Router::find(const std::string& method, const std::vector<std::string>& parts) const {
  Match best;
  std::string best_order;
  std::set<std::string> allowed;
  const std::string asked = method == "HEAD" ? "GET" : method;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    auto values = match_parts(patterns_[i].parts, parts);
    if (!values) continue;
    const std::string takes = method_name(routes_[i].method);
    allowed.insert(takes);
    // A WebSocket and a stream of events have no head without a body.
    if (takes == "GET" && !routes_[i].follow) allowed.insert("HEAD");
    if (takes != asked || (method == "HEAD" && routes_[i].follow)) continue;
    if (best.route && !(patterns_[i].order < best_order)) continue;
    best = Match{&routes_[i], i, std::move(*values), ""};
    best_order = patterns_[i].order;
  }
  best.allowed = allow_text(allowed);
  return best;
}

}  // namespace topobathy
