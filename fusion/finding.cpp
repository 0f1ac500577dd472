#include "fusion/finding.h"

#include <algorithm>

namespace topobathy {

std::string Finding::text() const {
  std::string line = place.text();
  if (!line.empty()) line += ": ";
  if (severity == Severity::kWarning) line += "warning: ";
  line += message;
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

Finding finding_of(const Error& error, const Place& otherwise) {
  const std::string own = error.place().text();
  const std::string what = error.what();
  if (own.empty()) return {Finding::Severity::kError, what, otherwise};
  return {Finding::Severity::kError, what.substr(own.size() + 2), error.place()};
}

std::size_t count_findings(const std::vector<Finding>& findings, Finding::Severity severity) {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(),
                    [severity](const Finding& finding) { return finding.severity == severity; }));
}

}  // namespace topobathy
