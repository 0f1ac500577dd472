#pragma once

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "providers/check_policy.h"

namespace topobathy {

/// What `validate` found, one line each: place, step, message. `errors_only` leaves warnings out.
void print_findings(std::ostream& out, const PolicyCheck& check, bool errors_only);

/// The report of `validate` on any number of policies.
class ValidationReport {
 public:
  void add(const std::string& path, PolicyCheck check);
  /// A policy file that could not be read.
  void add_unread(const std::string& path, Finding why);

  void print_text(std::ostream& out) const;
  /// The format is a contract: docs/program.md.
  void print_json(std::ostream& out) const;

 private:
  std::vector<std::pair<std::string, PolicyCheck>> checks_;
};

}  // namespace topobathy
