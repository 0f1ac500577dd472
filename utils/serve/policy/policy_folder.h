#pragma once

#include <string>
#include <vector>

#include "utils/serve/settings.h"

namespace topobathy {

/// The policies that clients may name: <name>.yaml in --policy-dir. Names are 1 to 64 of the ASCII
/// letters, digits, '-' and '_', so that no name is a path.
class PolicyFolder {
 public:
  static bool is_name(const std::string& name) noexcept;
  /// \throws HttpError(400): it is none
  static void require_name(const std::string& name);

  /// `settings` must outlive it.
  explicit PolicyFolder(const ServiceSettings& settings) : settings_(settings) {}

  /// Ascending.
  std::vector<std::string> names() const;
  /// Its path here. \throws HttpError(400): no name; HttpError(404): no such policy, or no folder
  std::string path_of(const std::string& name) const;
  /// \throws as path_of(); HttpError(500): the file cannot be read
  std::string text_of(const std::string& name) const;
  /// Whether the policy that is served is this one.
  bool is_active(const std::string& name) const;
  /// Replaces or makes <name>.yaml as a whole. \throws HttpError(400): no name; HttpError(409): the
  /// active policy, which its owner alone edits; HttpError(404): no folder; HttpError(500)
  void write(const std::string& name, const std::string& text) const;

 private:
  std::string file_of(const std::string& name) const;

  const ServiceSettings& settings_;
};

}  // namespace topobathy
