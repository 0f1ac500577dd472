#pragma once

#include <map>
#include <string>
#include <vector>

namespace topobathy {

/// Where the hosts of the archives are really asked: their true selves, or mirrors. Immutable.
///
/// An entry maps a host ("prd-tnm.s3.amazonaws.com", or "*.blob.core.windows.net", or "*" for all)
/// to a base URL; "{host}" in the base stands for the true host:
///     "*": http://127.0.0.1:8080/{host}
/// turns https://prd-tnm.s3.amazonaws.com/a/b.tif into
/// http://127.0.0.1:8080/prd-tnm.s3.amazonaws.com/a/b.tif. The most specific entry counts.
class Endpoints {
 public:
  Endpoints() = default;  ///< all true
  /// A YAML file of entries, or entries in one text: "host=base,host=base". "" = all true.
  /// \throws Error(kUsage): unreadable, a key that is no host of an archive (the nearest is named),
  /// a value that is no http or https URL; with file:line:column
  static Endpoints read(const std::string& file_or_entries);

  /// The address to connect to. A URL of a host that no archive has (and no entry names) is left.
  std::string resolve(const std::string& url) const;
  /// Whether requests may go there: hosts of archives, and hosts of the configured bases. `url` as
  /// published or as resolved. Never anything but http and https.
  bool allows(const std::string& url) const;
  /// Whether the URL is at the server of a configured base.
  bool is_base(const std::string& url) const;
  /// All entries in a canonical text: "" where all are true.
  std::string text() const;

 private:
  const std::string* base_of(const std::string& host) const;

  std::map<std::string, std::string> bases_;
};

/// Every host that some provider asks, with wildcards where an archive's host varies.
const std::vector<std::string>& archive_hosts();

}  // namespace topobathy
