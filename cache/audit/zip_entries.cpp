#include "cache/audit/zip_entries.h"

#include <memory>
#include <vector>

namespace topobathy {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;
constexpr char kNoArchive[] = "no zip archive, or cut short";

struct EntryCloser {
  void operator()(zip_file_t* entry) const noexcept { zip_fclose(entry); }
};
using EntryHandle = std::unique_ptr<zip_file_t, EntryCloser>;

EntryHandle open_entry(const ZipHandle& archive, std::size_t entry) {
  return EntryHandle(zip_fopen_index(archive.get(), entry, 0));
}

std::size_t count_of(const ZipHandle& archive) {
  const zip_int64_t count = archive ? zip_get_num_entries(archive.get(), 0) : 0;
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

/// Ends what libzip compares the CRC at.
bool at_sound_end(zip_file_t* entry) {
  char beyond;
  return zip_fread(entry, &beyond, 1) == 0;
}

}  // namespace

ZipEntries::ZipEntries(const std::string& path)
    : archive_(zip_open(path.c_str(), ZIP_RDONLY, nullptr)), count_(count_of(archive_)) {
  if (!archive_) problem_ = kNoArchive;
}

ZipEntries::ZipEntries(const Bytes& archive) {
  zip_source_t* source = zip_source_buffer_create(archive.data(), archive.size(), 0, nullptr);
  if (source) archive_.reset(zip_open_from_source(source, ZIP_RDONLY, nullptr));
  if (source && !archive_) zip_source_free(source);
  if (!archive_) problem_ = kNoArchive;
  count_ = count_of(archive_);
}

std::string ZipEntries::name(std::size_t entry) const {
  const char* name = zip_get_name(archive_.get(), entry, ZIP_FL_ENC_RAW);
  return name == nullptr ? "" : name;
}

bool ZipEntries::read(std::size_t entry, std::size_t limit, Bytes& content) const {
  zip_stat_t stat;
  zip_stat_init(&stat);
  if (zip_stat_index(archive_.get(), entry, 0, &stat) != 0 || (stat.valid & ZIP_STAT_SIZE) == 0 ||
      stat.size > limit)
    return false;
  const EntryHandle open = open_entry(archive_, entry);
  if (!open) return false;
  content.resize(stat.size);
  const zip_int64_t got = zip_fread(open.get(), content.data(), content.size());
  return got >= 0 && static_cast<zip_uint64_t>(got) == stat.size && at_sound_end(open.get());
}

bool ZipEntries::read(const std::string& name, std::size_t limit, Bytes& content) const {
  if (!archive_) return false;
  const zip_int64_t entry = zip_name_locate(archive_.get(), name.c_str(), 0);
  return entry >= 0 && read(static_cast<std::size_t>(entry), limit, content);
}

std::string ZipEntries::stream(std::size_t entry, const TakePiece& take) const {
  const EntryHandle open = open_entry(archive_, entry);
  if (!open) return std::string("cannot be opened: ") + zip_strerror(archive_.get());
  Bytes piece(kPieceBytes);
  for (;;) {
    const zip_int64_t got = zip_fread(open.get(), piece.data(), piece.size());
    if (got < 0) return std::string("is damaged: ") + zip_file_strerror(open.get());
    if (got == 0) return "";
    take(piece.data(), static_cast<std::size_t>(got));
  }
}

std::string check_zip(const std::string& path, bool quick) {
  const ZipEntries zip(path);
  if (!zip.problem().empty()) return zip.problem();
  const auto ignore = [](const unsigned char*, std::size_t) {};
  for (std::size_t i = 0; !quick && i < zip.count(); ++i) {
    const std::string wrong = zip.stream(i, ignore);
    if (!wrong.empty()) return "member " + zip.name(i) + " " + wrong;
  }
  return "";
}

}  // namespace topobathy
