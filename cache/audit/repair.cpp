#include "cache/audit/repair.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

#include "cache/audit/check_job.h"
#include "cache/audit/check_sqlite.h"
#include "cache/sqlite.h"

namespace topobathy {
namespace {

using RepairState = AuditOutcome::State;

AuditOutcome failed(const std::string& why) {
  return {RepairState::kFailed, why};
}

AuditOutcome by_errno() {
  if (errno == ENOENT) return {RepairState::kGone, ""};
  return failed(std::strerror(errno));
}

/// A name beside the file that write_file_atomically might have made: were we killed, the next
/// audit knows it.
std::string name_beside(const std::string& path) {
  static std::atomic<unsigned> number{0};
  return path.substr(0, path.rfind('/') + 1) + ".tmp-" + std::to_string(::getpid()) + "-" +
         std::to_string(++number);
}

/// Gives a renamed file its name back, unless there is a new one.
void put_back(const std::string& beside, const std::string& path) noexcept {
  if (::link(beside.c_str(), path.c_str()) == 0 || errno == EEXIST) {
    ::unlink(beside.c_str());
    return;
  }
  std::rename(beside.c_str(), path.c_str());  // no hard links here
}

void unlink_all(const std::string& root, const std::vector<std::string>& paths) noexcept {
  for (const std::string& path : paths)
    ::unlink((root + "/" + path).c_str());
}

/// A tile is its picture and its companions: pictures first, so that none is read without them.
/// What was found decides whether anything is deleted.
AuditOutcome delete_tile(const AuditedFile& item, const AuditFinding& finding) {
  if (file_identity(item.full) != finding.file) return {RepairState::kGone, ""};
  const auto owners = owners_of(item.path, item.item.kind);
  unlink_all(item.root, owners);
  AuditOutcome outcome = delete_if_same(item.full, finding.file);
  const std::string& picture = owners.empty() ? item.path : owners.front();
  if (outcome.state == RepairState::kRepaired)
    unlink_all(item.root, companions_of(picture, ItemKind::kTile));
  return outcome;
}

AuditOutcome delete_found(const AuditedFile& item, const AuditFinding& finding) {
  if (finding.kind == AuditKind::kDamagedTile) return delete_tile(item, finding);
  AuditOutcome outcome = delete_if_same(item.full, finding.file);
  if (outcome.state == RepairState::kRepaired)
    unlink_all(item.root, companions_of(item.path, item.item.kind));
  return outcome;
}

AuditOutcome remove_lock(const AuditedFile& item, const LeftoverRules& rules) {
  if (remove_stale_lock(item.full, rules)) return {RepairState::kRepaired, ""};
  return {RepairState::kGone, ""};  // somebody holds it now
}

AuditOutcome empty_database(const AuditedFile& item, RegistryAudit& registry) {
  if (item.item.kind == ItemKind::kRegistry) {
    registry.repair();
    return {RepairState::kRepaired, ""};
  }
  const DatabaseUse use =
      item.item.kind == ItemKind::kDiscovery ? DatabaseUse::kDiscovery : DatabaseUse::kHeaders;
  // Its owner may have made it anew since.
  if (check_database(item.full, use, /*quick=*/false).empty()) return {RepairState::kGone, ""};
  SqliteDatabase database(item.full, SQLITE_OPEN_READWRITE);
  reset_database(database);
  return {RepairState::kRepaired, ""};
}

AuditOutcome end_journal(const AuditedFile& item, const AuditFinding& finding) {
  const std::string database = database_of_journal(item.full);
  if (!file_identity(database)) return delete_if_same(item.full, finding.file);
  roll_back(database);
  return {RepairState::kRepaired, ""};
}

AuditOutcome enter_source(RegistryAudit& registry, const FoundItem& found) {
  if (!registry.problem().empty()) return failed("the registry is damaged");
  if (registry.enter(*found.row)) return {RepairState::kRepaired, ""};
  return failed("its id or the source itself has been given away meanwhile: check again");
}

AuditOutcome repair(const AuditSettings& settings, RegistryAudit& registry,
                    const FoundItem& found) {
  const AuditedFile item(settings.root, found.finding.path);
  if (!item.file) return {RepairState::kGone, ""};
  switch (found.finding.kind) {
    case AuditKind::kStaleLock:
      return remove_lock(item, settings.leftovers);
    case AuditKind::kDamagedDatabase:
      return empty_database(item, registry);
    case AuditKind::kLeftoverJournal:
      return end_journal(item, found.finding);
    case AuditKind::kDeadJob:
      mark_job_dead(item.full);
      return {RepairState::kRepaired, ""};
    case AuditKind::kUnknownSource:
      return enter_source(registry, found);
    case AuditKind::kUnreadable:
      return failed("it may not be read");
    case AuditKind::kNotChecked:
    case AuditKind::kUnknownFile:
      return {};
    default:
      return delete_found(item, found.finding);
  }
}

}  // namespace

AuditOutcome delete_if_same(const std::string& path, const FileIdentity& file) {
  if (file_identity(path) != file) return {RepairState::kGone, ""};
  const std::string beside = name_beside(path);
  if (std::rename(path.c_str(), beside.c_str()) != 0) return by_errno();
  if (file_identity(beside) != file) {
    put_back(beside, path);
    return {RepairState::kGone, ""};
  }
  if (::unlink(beside.c_str()) != 0 && errno != ENOENT) return by_errno();
  return {RepairState::kRepaired, ""};
}

AuditOutcome repair_item(const AuditSettings& settings, RegistryAudit& registry,
                         const FoundItem& found) {
  try {
    return repair(settings, registry, found);
  } catch (const std::exception& error) {
    return failed(error.what());
  }
}

}  // namespace topobathy
