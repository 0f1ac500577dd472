#pragma once

#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "utils/serve/route.h"

namespace topobathy {

/// The members of a request's body, each asked for once and checked; null is as if left out. For
/// one thread. Every member \throws HttpError(422) naming the member and what it may be.
class BodyMembers {
 public:
  /// \param body "" = no members  \throws HttpError(400): no JSON object
  explicit BodyMembers(const std::string& body);

  std::optional<double> number(const char* name, double least, double most);
  std::optional<std::int64_t> integer(const char* name, std::int64_t least, std::int64_t most);
  std::optional<bool> flag(const char* name);
  std::optional<std::string> text(const char* name);
  std::optional<std::vector<double>> numbers(const char* name);
  std::optional<std::vector<std::int64_t>> integers(const char* name);
  /// A text, or a list of texts.
  std::optional<std::vector<std::string>> texts(const char* name);
  /// Members that clients send and that mean nothing here.
  void ignore(std::initializer_list<const char*> names);
  /// \throws HttpError(422) for a member that nobody has asked for, naming the nearest
  void require_no_more() const;

 private:
  const nlohmann::json* find(const char* name);

  nlohmann::json members_;
  std::vector<std::string> known_;
};

/// \throws HttpError(400) for a name in the query that is none of these, with the nearest
void require_query_names(const ServiceRequest& request, const std::vector<std::string>& names);
/// Whether "true" or "1"; false where it is left out. \throws HttpError(400): neither a yes nor a
/// no
bool query_flag(const ServiceRequest& request, const std::string& name);

}  // namespace topobathy
