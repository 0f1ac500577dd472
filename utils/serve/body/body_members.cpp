#include "utils/serve/body/body_members.h"

#include <algorithm>
#include <cmath>

#include "cache/json_text.h"
#include "fusion/policy/nearest.h"
#include "utils/json_values.h"
#include "utils/serve/http_error.h"

namespace topobathy {
namespace {

using nlohmann::json;

constexpr int kBadRequest = 400, kUnprocessable = 422;

/// What somebody sent, cut to what a message may quote.
std::string quoted_name(const std::string& text) {
  constexpr std::size_t kMost = 60;
  return "'" + one_line(text.size() > kMost ? text.substr(0, kMost) + "..." : text) + "'";
}

/// ": did you mean 'bbox'?", or all there is.
std::string name_hint(const std::string& word, const std::vector<std::string>& names) {
  const std::string nearest = nearest_name(word, names);
  if (!nearest.empty()) return "did you mean '" + nearest + "'?";
  std::string all;
  for (const std::string& name : names)
    all.append(all.empty() ? "" : ", ").append(name);
  return all.empty() ? "there is none to give" : "known are " + all;
}

[[noreturn]] void refuse_member(const char* name, const std::string& what) {
  throw HttpError(kUnprocessable, std::string("'") + name + "' is to be " + what);
}

std::string range_text(double least, double most) {
  return shown_number(least) + " to " + shown_number(most);
}

template <class Item, class Take>
std::vector<Item> list_of(const json& value, const Take& take) {
  std::vector<Item> items;
  for (const json& item : value)
    items.push_back(take(item));
  return items;
}

}  // namespace

BodyMembers::BodyMembers(const std::string& body) {
  members_ = body.empty() ? json::object() : parse_foreign_json(body);
  if (!members_.is_object())
    throw HttpError(kBadRequest,
                    "the body is no JSON object: send one in UTF-8, such as {\"bbox\": [west, "
                    "south, east, north]}");
}

const json* BodyMembers::find(const char* name) {
  known_.emplace_back(name);
  const auto found = members_.find(name);
  return found == members_.end() || found->is_null() ? nullptr : &*found;
}

std::optional<double> BodyMembers::number(const char* name, double least, double most) {
  const json* const value = find(name);
  if (value == nullptr) return std::nullopt;
  const double number = value->is_number() ? value->get<double>() : std::nan("");
  if (!(number >= least && number <= most))
    refuse_member(name, "a number from " + range_text(least, most));
  return number;
}

std::optional<std::int64_t> BodyMembers::integer(const char* name, std::int64_t least,
                                                 std::int64_t most) {
  const json* const value = find(name);
  if (value == nullptr) return std::nullopt;
  const double number = value->is_number() ? value->get<double>() : std::nan("");
  if (!(number >= static_cast<double>(least) && number <= static_cast<double>(most)) ||
      number != std::floor(number))
    refuse_member(name,
                  "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return static_cast<std::int64_t>(number);
}

std::optional<bool> BodyMembers::flag(const char* name) {
  const json* const value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_boolean()) refuse_member(name, "true or false");
  return value->get<bool>();
}

std::optional<std::string> BodyMembers::text(const char* name) {
  const json* const value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) refuse_member(name, "a text");
  return value->get<std::string>();
}

std::optional<std::vector<double>> BodyMembers::numbers(const char* name) {
  const json* const value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_array()) refuse_member(name, "a list of numbers");
  return list_of<double>(*value, [name](const json& item) {
    if (!item.is_number()) refuse_member(name, "a list of numbers");
    return item.get<double>();
  });
}

std::optional<std::vector<std::int64_t>> BodyMembers::integers(const char* name) {
  const json* const value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_array()) refuse_member(name, "a list of whole numbers");
  return list_of<std::int64_t>(*value, [name](const json& item) {
    if (!item.is_number_integer()) refuse_member(name, "a list of whole numbers");
    return item.get<std::int64_t>();
  });
}

std::optional<std::vector<std::string>> BodyMembers::texts(const char* name) {
  const json* const value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) return std::vector{value->get<std::string>()};
  if (!value->is_array()) refuse_member(name, "a text or a list of texts");
  return list_of<std::string>(*value, [name](const json& item) {
    if (!item.is_string()) refuse_member(name, "a text or a list of texts");
    return item.get<std::string>();
  });
}

void BodyMembers::ignore(std::initializer_list<const char*> names) {
  known_.insert(known_.end(), names.begin(), names.end());
}

void BodyMembers::require_no_more() const {
  for (const auto& member : members_.items())
    if (std::find(known_.begin(), known_.end(), member.key()) == known_.end())
      throw HttpError(kUnprocessable, "unknown member " + quoted_name(member.key()) + ": " +
                                          name_hint(member.key(), known_));
}

void require_query_names(const ServiceRequest& request, const std::vector<std::string>& names) {
  for (const auto& [name, value] : request.query)
    if (std::find(names.begin(), names.end(), name) == names.end())
      throw HttpError(kBadRequest,
                      "unknown parameter " + quoted_name(name) + ": " + name_hint(name, names));
}

bool query_flag(const ServiceRequest& request, const std::string& name) {
  const auto found = request.query.find(name);
  if (found == request.query.end()) return false;
  const std::string& value = found->second;
  if (value == "true" || value == "1") return true;
  if (value == "false" || value == "0" || value.empty()) return false;
  throw HttpError(kBadRequest, "'" + name + "' is to be true or false");
}

}  // namespace topobathy
