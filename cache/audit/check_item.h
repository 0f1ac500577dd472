#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cache/audit/audit.h"
#include "cache/audit/check_cell.h"
#include "cache/audit/registry_audit.h"
#include "cache/bytes.h"
#include "cache/tiers.h"

namespace topobathy {

/// A finding, and what repairing it needs beyond the file.
struct FoundItem {
  AuditFinding finding;
  std::optional<SourceRow> row = std::nullopt;  ///< of an unknown source
};

/// A file that is looked at. Its class has views into its path: it stays where it is.
struct AuditedFile {
  AuditedFile(const std::string& root, std::string relative);
  AuditedFile(const AuditedFile&) = delete;
  AuditedFile& operator=(const AuditedFile&) = delete;

  std::string name() const { return path.substr(path.rfind('/') + 1); }

  const std::string root;
  const std::string path;  ///< below the root
  const std::string full;
  const ItemClass item;
  std::optional<FileIdentity> file;  ///< when it was looked at; nothing: there is no such file
};

/// Looks at files one by one. Keeps buffers: for one thread.
class ItemCheck {
 public:
  /// Both must outlive this.
  ItemCheck(const AuditSettings& settings, RegistryAudit& registry)
      : settings_(settings), registry_(registry) {}

  /// What is wrong with the file `path` (below the root). A file that changes while it is looked
  /// at is looked at again; one that keeps changing is somebody's work, and nothing is wrong with
  /// it.
  std::vector<FoundItem> check(const std::string& path);

 private:
  using Found = std::vector<FoundItem>;
  Found check_once(const AuditedFile& item);
  Found check_content(const AuditedFile& item);
  Found check_cell_file(const AuditedFile& item);
  Found check_foreign(const AuditedFile& item, AuditKind kind) const;
  Found check_tile(const AuditedFile& item) const;
  Found check_discovery_file(const AuditedFile& item) const;
  Found check_raw(const AuditedFile& item) const;
  Found check_companion(const AuditedFile& item) const;

  const AuditSettings& settings_;
  RegistryAudit& registry_;
  Bytes buffer_;
  CellScratch scratch_;
};

}  // namespace topobathy
