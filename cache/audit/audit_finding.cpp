#include "cache/audit/audit_finding.h"

namespace topobathy {
namespace {

struct Text {
  AuditKind kind;
  const char* name;
  const char* remedy;
};

constexpr char kMadeAnew[] = "delete; made anew when it is wanted";
constexpr char kDelete[] = "delete";

constexpr Text kTexts[] = {
    {AuditKind::kDamagedCell, "damaged-cell", kMadeAnew},
    {AuditKind::kStaleCell, "stale-cell", "delete; this version never reads it"},
    {AuditKind::kDamagedTile, "damaged-tile",
     "delete the tile with its companions; rendered anew when it is wanted"},
    {AuditKind::kOrphanCompanion, "orphan-companion", kDelete},
    {AuditKind::kDamagedDiscovery, "damaged-discovery", "delete; asked for again"},
    {AuditKind::kDamagedDatabase, "damaged-database", "empty under its writers' lock"},
    {AuditKind::kDamagedRaw, "damaged-raw", "delete; downloaded again when it is wanted"},
    {AuditKind::kStaleLock, "stale-lock", kDelete},
    {AuditKind::kLeftover, "leftover", kDelete},
    {AuditKind::kLeftoverJournal, "leftover-journal", "delete, or roll its database back"},
    {AuditKind::kDamagedJob, "damaged-job", kDelete},
    {AuditKind::kDeadJob, "dead-job", "mark as failed"},
    {AuditKind::kUnknownSource, "unknown-source", "enter the source under its id"},
    {AuditKind::kSourceConflict, "source-conflict", "delete the cell; fused anew with other ids"},
    {AuditKind::kUnreadable, "unreadable", "look at the rights of the file and at the disk"},
    {AuditKind::kNotChecked, "not-checked", "install what is missing and check again"},
    {AuditKind::kUnknownFile, "unknown-file", "none of this cache's; move it elsewhere"},
};

const Text& text_of(AuditKind kind) noexcept {
  for (const Text& text : kTexts)
    if (text.kind == kind) return text;
  return kTexts[0];
}

}  // namespace

const char* name_of(AuditKind kind) noexcept {
  return text_of(kind).name;
}

const char* remedy_of(AuditKind kind) noexcept {
  return text_of(kind).remedy;
}

bool is_note(AuditKind kind) noexcept {
  return kind == AuditKind::kNotChecked || kind == AuditKind::kUnknownFile;
}

}  // namespace topobathy
