#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "utils/serve/route.h"

namespace topobathy {

/// The declaration of one name of a route's query: what is read, and what /openapi.json says.
struct QuerySpec {
  enum class Kind { kNumber, kInteger, kText, kBoolean, kChoice };
  std::string name;
  Kind kind = Kind::kText;
  std::string help;
  bool required = false;
  std::optional<double> min;  ///< of numbers, included
  std::optional<double> max;
  std::vector<std::string> choices;
  std::string default_value;  ///< that the route takes without it; "" = none to tell
};
using QuerySpecs = std::vector<QuerySpec>;

/// OpenAPI 3 parameter objects.
nlohmann::json parameters_of(const QuerySpecs& specs);

/// A query that has what its route declares and nothing else. A value that is empty is an error, as
/// is a number that is followed by anything, infinite or none. Choices count in their own spelling.
class CheckedQuery {
 public:
  /// `specs` must outlive it. \throws HttpError(400): a name that is not declared, with the nearest
  /// that is; a required one that is missing; a value that does not fit
  CheckedQuery(const ServiceRequest& request, const QuerySpecs& specs);

  bool has(const std::string& name) const;
  /// \pre declared, of this kind; the value where it is given
  std::optional<double> number(const std::string& name) const;
  std::optional<std::int64_t> integer(const std::string& name) const;
  std::optional<std::string> text(const std::string& name) const;

 private:
  const std::string* find(const std::string& name) const;
  void check(const QuerySpec& spec, const std::string& value) const;

  const std::map<std::string, std::string>& query_;
};

/// The whole text as a number: decimal digits, sign, point, exponent. Nothing for inf and nan.
std::optional<double> finite_number(const std::string& text);
/// The whole text as an integer: digits after an optional '-', no leading zeros.
std::optional<std::int64_t> whole_number(const std::string& text);

}  // namespace topobathy
