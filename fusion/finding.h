#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "fusion/error.h"

namespace topobathy {

/// Something about a policy or its sources that is wrong, or odd though it works. Found without
/// fusing a pixel.
struct Finding {
  enum class Severity { kError, kWarning };
  Severity severity = Severity::kError;
  std::string message;  ///< without the place
  Place place;          ///< in the policy text; empty where only the caller knows it

  /// "file:line:column: message", with "warning: " before the message of a warning; one line.
  std::string text() const;
};

/// The error as a finding; `otherwise` is its place where it states none.
Finding finding_of(const Error& error, const Place& otherwise = {});

std::size_t count_findings(const std::vector<Finding>& findings, Finding::Severity severity);

/// What a layer's headers say of its sources.
struct SourceReport {
  std::size_t named = 0;     ///< sources the policy names, globs and indexes looked into
  std::size_t readable = 0;  ///< of these, whose header could be read
  std::vector<Finding> findings;
};

}  // namespace topobathy
