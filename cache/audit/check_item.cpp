#include "cache/audit/check_item.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "cache/audit/check_job.h"
#include "cache/audit/check_json.h"
#include "cache/audit/check_leftover.h"
#include "cache/audit/check_npy.h"
#include "cache/audit/check_sqlite.h"
#include "cache/audit/read_whole.h"
#include "cache/audit/zip_entries.h"
#include "cache/sqlite.h"

namespace topobathy {
namespace {

using Found = std::vector<FoundItem>;

constexpr char kCellEnd[] = ".zarr.zip";

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

FoundItem finding(const AuditedFile& item, AuditKind kind, std::string what) {
  return {{kind, item.path, item.item.tier, std::move(what), *item.file}};
}

Found found(const AuditedFile& item, AuditKind kind, std::string what) {
  if (what.empty()) return {};
  return {finding(item, kind, std::move(what))};
}

CellPlace place_of(const AuditedFile& item) {
  const std::string name = item.name();
  const bool fused = item.item.kind == ItemKind::kFusedCell;
  return {name.substr(0, name.size() - (sizeof kCellEnd - 1)),
          fused ? std::string(item.item.group) : "", fused ? "" : std::string(item.item.provider)};
}

Found check_sqlite(const AuditedFile& item, DatabaseUse use, AuditKind kind, bool quick) {
  try {
    return found(item, kind, check_database(item.full, use, quick));
  } catch (const SqliteError& error) {
    return found(item, AuditKind::kUnreadable, error.what());
  }
}

Found check_job_file(const AuditedFile& item) {
  const JobVerdict verdict = check_job(item.full);
  const bool dead = verdict.state == JobVerdict::State::kDead;
  return found(item, dead ? AuditKind::kDeadJob : AuditKind::kDamagedJob, verdict.what);
}

/// Checking a file is no use of it: whoever makes room goes by when it was last read, and libraries
/// open it as any reader does.
class KeptAccessTime {
 public:
  explicit KeptAccessTime(const std::string& path) : path_(path) {
    known_ = ::stat(path.c_str(), &before_) == 0;
  }
  ~KeptAccessTime() {
    struct stat now;
    if (!known_ || ::stat(path_.c_str(), &now) != 0 || now.st_ino != before_.st_ino ||
        is_same(now.st_atim, before_.st_atim))
      return;
    const timespec times[2] = {before_.st_atim, {0, UTIME_OMIT}};
    ::utimensat(AT_FDCWD, path_.c_str(), times, 0);
  }
  KeptAccessTime(const KeptAccessTime&) = delete;
  KeptAccessTime& operator=(const KeptAccessTime&) = delete;

 private:
  static bool is_same(const timespec& a, const timespec& b) noexcept {
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
  }

  const std::string& path_;
  struct stat before_;
  bool known_;
};

}  // namespace

AuditedFile::AuditedFile(const std::string& root_folder, std::string relative)
    : root(root_folder),
      path(std::move(relative)),
      full(root + "/" + path),
      item(classify(path)),
      file(file_identity(full)) {}

Found ItemCheck::check(const std::string& path) {
  constexpr int kTries = 3;
  for (int i = 0; i < kTries; ++i) {
    const AuditedFile item(settings_.root, path);
    if (!item.file) return {};
    Found found = check_once(item);
    if (found.empty() || file_identity(item.full) == item.file) return found;
  }
  return {};
}

Found ItemCheck::check_once(const AuditedFile& item) {
  const Leftover leftover = check_leftover(item, settings_.leftovers);
  if (!leftover.what.empty()) return found(item, leftover.kind, leftover.what);
  if (leftover.is_passing || settings_.leftovers_only) return {};
  if (::access(item.full.c_str(), R_OK) != 0)
    return errno == ENOENT ? Found() : found(item, AuditKind::kUnreadable, std::strerror(errno));
  const KeptAccessTime kept(item.full);
  return check_content(item);
}

Found ItemCheck::check_content(const AuditedFile& item) {
  const bool quick = settings_.quick;
  switch (item.item.kind) {
    case ItemKind::kFusedCell:
    case ItemKind::kProviderCell:
      return check_cell_file(item);
    case ItemKind::kTile:
      return check_tile(item);
    case ItemKind::kTileCompanion:
    case ItemKind::kFileCompanion:
      return check_companion(item);
    case ItemKind::kPointGrid:
      return check_foreign(item, AuditKind::kDamagedCell);
    case ItemKind::kDiscovery:
      return check_sqlite(item, DatabaseUse::kDiscovery, AuditKind::kDamagedDatabase, quick);
    case ItemKind::kHeaderCache:
      return check_sqlite(item, DatabaseUse::kHeaders, AuditKind::kDamagedDatabase, quick);
    case ItemKind::kRegistry:
      return check_sqlite(item, DatabaseUse::kSources, AuditKind::kDamagedDatabase, quick);
    case ItemKind::kDiscoveryFile:
      return check_discovery_file(item);
    case ItemKind::kRawFile:
      return check_raw(item);
    case ItemKind::kJob:
      return check_job_file(item);
    case ItemKind::kForeign:
      return found(item, AuditKind::kUnknownFile, "none of this cache's files");
    case ItemKind::kSqliteSide:
    case ItemKind::kLock:
    case ItemKind::kTemporary:
    case ItemKind::kPart:
    case ItemKind::kJobCells:
    case ItemKind::kPolicyCopy:
      break;
  }
  return {};
}

Found ItemCheck::check_cell_file(const AuditedFile& item) {
  CellVerdict verdict;
  if (settings_.quick) {
    verdict = check_cell_header(item.full, place_of(item));
  } else {
    const WholeFile whole = read_whole(item.full, kLargestCellFile, buffer_);
    if (whole.state == WholeFile::State::kGone) return {};
    if (whole.state == WholeFile::State::kFailed)
      return found(item, AuditKind::kUnreadable, whole.why);
    if (whole.state == WholeFile::State::kTooLarge)
      return found(item, AuditKind::kDamagedCell, "it is larger than any cell");
    verdict = check_cell(buffer_, place_of(item), scratch_);
  }
  if (verdict.state == CellVerdict::State::kStale)
    return found(item, AuditKind::kStaleCell, verdict.what);
  if (verdict.state == CellVerdict::State::kDamaged)
    return found(item, AuditKind::kDamagedCell, verdict.what);
  Found disagreements;
  for (auto& one : registry_.compare(verdict.sources)) {
    const AuditKind kind = one.conflict ? AuditKind::kSourceConflict : AuditKind::kUnknownSource;
    disagreements.push_back(finding(item, kind, std::move(one.what)));
    if (!one.conflict) disagreements.back().row = std::move(one.row);
  }
  return disagreements;
}

Found ItemCheck::check_foreign(const AuditedFile& item, AuditKind kind) const {
  const ForeignFormat format = foreign_format(item.path);
  if (!settings_.foreign || format == ForeignFormat::kNone) return {};
  ForeignVerdict verdict = settings_.foreign(item.full, format, settings_.quick);
  if (verdict.state == ForeignVerdict::State::kSound) return {};
  const bool unchecked = verdict.state == ForeignVerdict::State::kNotChecked;
  return found(item, unchecked ? AuditKind::kNotChecked : kind, std::move(verdict.what));
}

Found ItemCheck::check_tile(const AuditedFile& item) const {
  if (ends_with(item.path, ".npy"))
    return found(item, AuditKind::kDamagedTile, check_npy(item.full));
  if (ends_with(item.path, ".npz"))
    return found(item, AuditKind::kDamagedTile, check_npz(item.full, settings_.quick));
  return check_foreign(item, AuditKind::kDamagedTile);
}

Found ItemCheck::check_companion(const AuditedFile& item) const {
  const AuditKind kind = item.item.tier == 1   ? AuditKind::kDamagedTile
                         : item.item.tier == 3 ? AuditKind::kDamagedCell
                                               : AuditKind::kDamagedRaw;
  if (ends_with(item.path, ".json"))
    return found(item, kind, check_json(item.full, JsonShape::kObject));
  if (ends_with(item.path, ".npz")) return found(item, kind, check_npz(item.full, settings_.quick));
  return check_foreign(item, kind);
}

Found ItemCheck::check_discovery_file(const AuditedFile& item) const {
  constexpr AuditKind kKind = AuditKind::kDamagedDiscovery;
  const bool quick = settings_.quick;
  if (ends_with(item.path, ".gpkg"))
    return check_sqlite(item, DatabaseUse::kGeoPackage, kKind, quick);
  if (ends_with(item.path, ".sqlite")) return check_sqlite(item, DatabaseUse::kOther, kKind, quick);
  if (ends_with(item.path, ".json") || ends_with(item.path, ".geojson"))
    return found(item, kKind, check_json(item.full, JsonShape::kAny));
  if (ends_with(item.path, ".zip")) return found(item, kKind, check_zip(item.full, quick));
  return check_foreign(item, kKind);
}

Found ItemCheck::check_raw(const AuditedFile& item) const {
  constexpr AuditKind kKind = AuditKind::kDamagedRaw;
  if (ends_with(item.path, ".zip"))
    return found(item, kKind, check_zip(item.full, settings_.quick));
  const bool is_ept = foreign_format(item.path) == ForeignFormat::kEpt;
  if (ends_with(item.path, ".json") && !is_ept)
    return found(item, kKind, check_json(item.full, JsonShape::kAny));
  return check_foreign(item, kKind);
}

}  // namespace topobathy
