#pragma once

#include "cache/audit/audit.h"
#include "cache/audit/check_item.h"

namespace topobathy {

/// Does what remedy_of() says about a finding, if it is still what was found.
AuditOutcome repair_item(const AuditSettings& settings, RegistryAudit& registry,
                         const FoundItem& found);

/// Deletes a file if it is still the one of that identity. It is first renamed: what somebody puts
/// in its place meanwhile stays.
AuditOutcome delete_if_same(const std::string& path, const FileIdentity& file);

}  // namespace topobathy
