#pragma once

#include <string>

#include "utils/serve/route.h"

namespace topobathy {

/// A route that answers with its pattern and what stands for its names.
inline Route told_route(HttpMethod method, const std::string& pattern,
                        Access access = Access::kRead) {
  Route route;
  route.method = method;
  route.pattern = pattern;
  route.access = access;
  route.doc.summary = "Test";
  route.handler = [pattern](const ServiceRequest& request) {
    return json_answer({{"pattern", pattern}, {"parts", request.parts}});
  };
  return route;
}

inline std::string body_text(const ServiceAnswer& answer) {
  return std::get<std::string>(answer.body);
}

}  // namespace topobathy
