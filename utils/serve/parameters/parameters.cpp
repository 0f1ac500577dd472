#include "utils/serve/parameters/parameters.h"

#include <algorithm>
#include <cmath>

#include "cache/json_text.h"
#include "fusion/policy/messages.h"
#include "fusion/policy/nearest.h"
#include "fusion/policy/scalar.h"
#include "utils/serve/http_error.h"

namespace topobathy {
namespace {

using nlohmann::json;

void require_known(const std::string& name, const Parameters::Names& known, const char* what,
                   int status) {
  if (std::find(known.begin(), known.end(), name) != known.end()) return;
  const std::string near = nearest_name(name, known);
  const std::string hint =
      near.empty() ? "; known: " + listed(known) : "; did you mean \"" + near + "\"?";
  throw HttpError(status, std::string("unknown ") + what + " " + in_quotes(name) + hint);
}

std::string shown_value(const json& value) {
  return value.is_string() ? in_quotes(value.get<std::string>()) : shown(canonical_text(value));
}

/// JSON knows no other numbers than finite ones, but 1e999.
std::optional<double> finite_number(const json& value) {
  if (value.is_string()) return read_number(std::string_view(value.get_ref<const std::string&>()));
  if (!value.is_number()) return std::nullopt;
  const double number = value.get<double>();
  return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

/// "1,2,3" as its parts.
json parts_of_text(const std::string& text) {
  json parts = json::array();
  std::size_t from = 0;
  for (;;) {
    const std::size_t comma = text.find(',', from);
    std::string part = text.substr(from, comma - from);
    part.erase(0, part.find_first_not_of(' '));
    part.erase(part.find_last_not_of(' ') + 1);
    parts.push_back(part);
    if (comma == std::string::npos) return parts;
    from = comma + 1;
  }
}

}  // namespace

Parameters Parameters::of_query(const ServiceRequest& request, const Names& known) {
  json values = json::object();
  for (const auto& [name, value] : request.query) {
    require_known(name, known, "parameter", 400);
    values[name] = value;
  }
  return {std::move(values), 400};
}

Parameters Parameters::of_body(const ServiceRequest& request, const Names& known) {
  json values = parse_foreign_json(request.body);
  if (!values.is_object())
    throw HttpError(400, "the body must be a JSON object; it holds any of: " + listed(known));
  for (const auto& [name, value] : values.items())
    require_known(name, known, "key", 422);
  return {std::move(values), 422};
}

const json* Parameters::find(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() || found->is_null() ? nullptr : &*found;
}

std::optional<double> Parameters::number(const std::string& name, double min, double max) const {
  const json* const value = find(name);
  if (value == nullptr) return std::nullopt;
  const auto number = finite_number(*value);
  if (!number || *number < min || *number > max)
    refuse("\"" + name + "\" must be a number from " + shown(min) + " to " + shown(max) + ", not " +
           shown_value(*value));
  return number;
}

std::optional<int> Parameters::integer(const std::string& name, int min, int max) const {
  const json* const value = find(name);
  if (value == nullptr) return std::nullopt;
  const auto number = finite_number(*value);
  if (!number || *number != std::floor(*number) || *number < min || *number > max)
    refuse("\"" + name + "\" must be a whole number from " + std::to_string(min) + " to " +
           std::to_string(max) + ", not " + shown_value(*value));
  return static_cast<int>(*number);
}

std::optional<std::string> Parameters::text(const std::string& name) const {
  const json* const value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) refuse("\"" + name + "\" must be a text, not " + shown_value(*value));
  return value->get<std::string>();
}

std::vector<double> Parameters::numbers(const std::string& name) const {
  const json& value = *find(name);
  const json parts = value.is_string() ? parts_of_text(value.get<std::string>()) : value;
  std::vector<double> numbers;
  for (const json& part : parts.is_array() ? parts : json::array({nullptr})) {
    const auto number = finite_number(part);
    if (!number) refuse("\"" + name + "\" must be a list of numbers, not " + shown_value(value));
    numbers.push_back(*number);
  }
  return numbers;
}

void Parameters::refuse(const std::string& message) const {
  throw HttpError(status_, message);
}

}  // namespace topobathy
