#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "utils/serve/parameters/in_quotes.h"
#include "utils/serve/route.h"

namespace topobathy {

/// What a request asks for, of its query or its JSON body, once every name is known. Values are
/// checked when they are taken; a wrong one is refused with the name, the value and what is right:
/// 400 in a query, 422 in a body.
class Parameters {
 public:
  using Names = std::vector<std::string>;

  /// \throws HttpError(400): a name that is not known, with the nearest that is
  static Parameters of_query(const ServiceRequest& request, const Names& known);
  /// \throws HttpError(400): no JSON object; HttpError(422): a key that is not known
  static Parameters of_body(const ServiceRequest& request, const Names& known);

  /// Null (absent, or null in a body) or the value; texts alone in a query.
  const nlohmann::json* find(const std::string& name) const;
  bool has(const std::string& name) const { return find(name) != nullptr; }
  std::optional<double> number(const std::string& name, double min, double max) const;
  std::optional<int> integer(const std::string& name, int min, int max) const;
  std::optional<std::string> text(const std::string& name) const;
  /// Of a list, or of a text "a,b,c". Finite. \pre has(name)
  std::vector<double> numbers(const std::string& name) const;

  [[noreturn]] void refuse(const std::string& message) const;

 private:
  Parameters(nlohmann::json values, int status) : values_(std::move(values)), status_(status) {}

  nlohmann::json values_;
  int status_;
};

}  // namespace topobathy
