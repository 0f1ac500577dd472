#include "utils/serve/checked_query.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "fusion/policy/nearest.h"
#include "utils/json_values.h"
#include "utils/serve/http_error.h"

namespace topobathy {
namespace {

/// Of a value that is repeated in a message.
constexpr std::size_t kShownLetters = 60;

std::string shortened(const std::string& text) {
  return text.size() <= kShownLetters ? text : text.substr(0, kShownLetters) + "...";
}

std::string listed(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names)
    list.append(list.empty() ? "" : ", ").append(name);
  return list;
}

std::vector<std::string> names_of(const QuerySpecs& specs) {
  std::vector<std::string> names;
  for (const QuerySpec& spec : specs)
    names.push_back(spec.name);
  return names;
}

[[noreturn]] void refuse_unknown(const std::string& name, const QuerySpecs& specs) {
  const std::vector<std::string> names = names_of(specs);
  const std::string near = nearest_name(name, names);
  throw HttpError(400,
                  "'" + shortened(name) + "' is no parameter of this address" +
                      (near.empty() ? "" : "; did you mean '" + near + "'?") +
                      (names.empty() ? " (it has none)" : " (there are " + listed(names) + ")"));
}

[[noreturn]] void refuse_value(const std::string& name, const std::string& value,
                               const std::string& wanted) {
  throw HttpError(400, name + "=" + shortened(value) + ": give " + wanted);
}

std::string range_text(const QuerySpec& spec) {
  if (!spec.min || !spec.max) return "";
  return " from " + shown_number(*spec.min) + " to " + shown_number(*spec.max);
}

void check_number(const QuerySpec& spec, const std::string& value) {
  const bool whole = spec.kind == QuerySpec::Kind::kInteger;
  std::optional<double> number;
  if (!whole) number = finite_number(value);
  if (whole)
    if (const auto integer = whole_number(value)) number = static_cast<double>(*integer);
  const bool fits =
      number && (!spec.min || *number >= *spec.min) && (!spec.max || *number <= *spec.max);
  if (!fits)
    refuse_value(spec.name, value, (whole ? "a whole number" : "a number") + range_text(spec));
}

bool is_boolean(const std::string& value) {
  for (const char* known : {"true", "false", "1", "0", "yes", "no"})
    if (value == known) return true;
  return false;
}

const char* schema_type(QuerySpec::Kind kind) {
  switch (kind) {
    case QuerySpec::Kind::kNumber:
      return "number";
    case QuerySpec::Kind::kInteger:
      return "integer";
    case QuerySpec::Kind::kBoolean:
      return "boolean";
    default:
      return "string";
  }
}

}  // namespace

nlohmann::json parameters_of(const QuerySpecs& specs) {
  nlohmann::json parameters = nlohmann::json::array();
  for (const QuerySpec& spec : specs) {
    nlohmann::json schema = {{"type", schema_type(spec.kind)}};
    if (spec.min) schema["minimum"] = *spec.min;
    if (spec.max) schema["maximum"] = *spec.max;
    if (!spec.choices.empty()) schema["enum"] = spec.choices;
    if (!spec.default_value.empty()) {
      const auto number = finite_number(spec.default_value);
      schema["default"] = number ? nlohmann::json(*number) : nlohmann::json(spec.default_value);
    }
    parameters.push_back({{"name", spec.name},
                          {"in", "query"},
                          {"required", spec.required},
                          {"description", spec.help},
                          {"schema", schema}});
  }
  return parameters;
}

CheckedQuery::CheckedQuery(const ServiceRequest& request, const QuerySpecs& specs)
    : query_(request.query) {
  for (const auto& [name, value] : query_) {
    const auto spec = std::find_if(specs.begin(), specs.end(),
                                   [&known = name](const QuerySpec& s) { return s.name == known; });
    if (spec == specs.end()) refuse_unknown(name, specs);
    check(*spec, value);
  }
  for (const QuerySpec& spec : specs)
    if (spec.required && !has(spec.name))
      throw HttpError(400, "'" + spec.name + "' is missing: " + spec.help);
}

void CheckedQuery::check(const QuerySpec& spec, const std::string& value) const {
  switch (spec.kind) {
    case QuerySpec::Kind::kNumber:
    case QuerySpec::Kind::kInteger:
      return check_number(spec, value);
    case QuerySpec::Kind::kBoolean:
      if (!is_boolean(value)) refuse_value(spec.name, value, "true or false");
      return;
    case QuerySpec::Kind::kChoice: {
      const auto& known = spec.choices;
      if (std::find(known.begin(), known.end(), value) != known.end()) return;
      const std::string near = nearest_name(value, known);
      refuse_value(
          spec.name, value,
          "one of " + listed(known) + (near.empty() ? "" : "; did you mean '" + near + "'?"));
    }
    case QuerySpec::Kind::kText:
      if (value.empty()) refuse_value(spec.name, value, spec.help);
      return;
  }
}

const std::string* CheckedQuery::find(const std::string& name) const {
  const auto found = query_.find(name);
  return found == query_.end() ? nullptr : &found->second;
}

bool CheckedQuery::has(const std::string& name) const {
  return find(name) != nullptr;
}

std::optional<double> CheckedQuery::number(const std::string& name) const {
  const std::string* const value = find(name);
  return value == nullptr ? std::nullopt : finite_number(*value);
}

std::optional<std::int64_t> CheckedQuery::integer(const std::string& name) const {
  const std::string* const value = find(name);
  return value == nullptr ? std::nullopt : whole_number(*value);
}

std::optional<std::string> CheckedQuery::text(const std::string& name) const {
  const std::string* const value = find(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(*value);
}

std::optional<double> finite_number(const std::string& text) {
  double value = 0.0;
  const char* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, value);
  if (failure != std::errc() || stop != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::int64_t> whole_number(const std::string& text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, value);
  const std::size_t sign = !text.empty() && text.front() == '-' ? 1 : 0;
  const bool padded = text.size() > sign + 1 && text[sign] == '0';
  if (failure != std::errc() || stop != end || padded) return std::nullopt;
  return value;
}

}  // namespace topobathy
