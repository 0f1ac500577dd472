#pragma once

#include <memory>
#include <string>
#include <vector>

namespace topobathy {

/// A survey name pattern of a filter: a regular expression (ECMAScript, from the name's first
/// character on) if it begins with (?i) or
/// ^, else a glob with * ? [...]. Immutable, so any thread may match.
class NamePattern {
 public:
  /// \throws std::runtime_error with the reason when a regular expression does not compile
  explicit NamePattern(const std::string& pattern);
  ~NamePattern();
  NamePattern(NamePattern&&) noexcept;
  NamePattern& operator=(NamePattern&&) noexcept;

  bool matches(const std::string& name) const;

 private:
  struct Regex;
  std::string glob_;
  std::unique_ptr<const Regex> regex_;  ///< null for a glob
};

bool matches_any(const std::vector<NamePattern>& patterns, const std::string& name);

}  // namespace topobathy
