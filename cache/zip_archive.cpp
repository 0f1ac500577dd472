#include "cache/zip_archive.h"

#include <unistd.h>

#include <utility>

#include "fusion/error.h"

namespace topobathy {
namespace {

constexpr zip_uint16_t kDosDate1980 = (0u << 9) | (1u << 5) | 1u;  // year since 1980, month, day

[[noreturn]] void fail(const std::string& message) {
  throw Error(ErrorCode::kCache, "cannot build the zip archive of a cell: " + message);
}

/// zip_error_t owns the text of its message.
class ZipError {
 public:
  ZipError() { zip_error_init(&error_); }
  ~ZipError() { zip_error_fini(&error_); }
  ZipError(const ZipError&) = delete;
  ZipError& operator=(const ZipError&) = delete;
  zip_error_t* get() noexcept { return &error_; }
  std::string text() { return zip_error_strerror(&error_); }

 private:
  zip_error_t error_;
};

struct EntryCloser {
  void operator()(zip_file_t* entry) const noexcept { zip_fclose(entry); }
};

}  // namespace

ZipWriter::ZipWriter() {
  ZipError error;
  output_ = zip_source_buffer_create(nullptr, 0, 0, error.get());
  if (!output_) fail(error.text());
  zip_source_keep(output_);  // the archive's close gives one reference away, finish() needs another
  archive_.reset(zip_open_from_source(output_, ZIP_TRUNCATE, error.get()));
  if (!archive_) {
    zip_source_free(output_);
    zip_source_free(output_);
    fail(error.text());
  }
}

ZipWriter::~ZipWriter() {
  archive_.reset();
  zip_source_free(output_);
}

void ZipWriter::add(const std::string& name, Bytes content) {
  add_entry(name, std::move(content), ZIP_CM_STORE, 0);
}

void ZipWriter::add_compressed(const std::string& name, Bytes content) {
  add_entry(name, std::move(content), ZIP_CM_DEFLATE, 1);
}

void ZipWriter::add_entry(const std::string& name, Bytes content, zip_int32_t method,
                          zip_uint32_t level) {
  contents_.push_back(std::move(content));
  const Bytes& kept = contents_.back();
  zip_source_t* source = zip_source_buffer(archive_.get(), kept.data(), kept.size(), 0);
  const zip_int64_t index =
      source ? zip_file_add(archive_.get(), name.c_str(), source, ZIP_FL_ENC_UTF_8) : -1;
  if (index < 0) {
    zip_source_free(source);
    fail(zip_strerror(archive_.get()));
  }
  const auto entry = static_cast<zip_uint64_t>(index);
  if (zip_set_file_compression(archive_.get(), entry, method, level) != 0 ||
      zip_file_set_dostime(archive_.get(), entry, 0, kDosDate1980, 0) != 0)
    fail(zip_strerror(archive_.get()));
}

Bytes ZipWriter::finish() {
  if (zip_close(archive_.get()) != 0) fail(zip_strerror(archive_.get()));
  (void)archive_.release();
  zip_stat_t stat;
  if (zip_source_stat(output_, &stat) != 0 || zip_source_open(output_) != 0)
    fail(zip_error_strerror(zip_source_error(output_)));
  Bytes archive(stat.size);
  const zip_int64_t got = zip_source_read(output_, archive.data(), archive.size());
  zip_source_close(output_);
  if (got < 0 || static_cast<zip_uint64_t>(got) != stat.size) fail("short read");
  return archive;
}

ZipReader::ZipReader(const Bytes& archive) : size_(archive.size()) {
  ZipError error;
  zip_source_t* source = zip_source_buffer_create(archive.data(), archive.size(), 0, error.get());
  if (!source) return;
  archive_.reset(zip_open_from_source(source, ZIP_RDONLY, error.get()));
  if (!archive_) zip_source_free(source);
}

ZipReader::ZipReader(int file, std::size_t size) : size_(size) {
  int error = 0;
  archive_.reset(zip_fdopen(file, 0, &error));
  if (!archive_) ::close(file);
}

bool ZipReader::read(const std::string& name, std::size_t limit, Bytes& content) const {
  zip_stat_t stat;
  zip_stat_init(&stat);
  if (!archive_ || zip_stat(archive_.get(), name.c_str(), 0, &stat) != 0) return false;
  constexpr zip_uint64_t kNeeded =
      ZIP_STAT_INDEX | ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_CRC;
  if ((stat.valid & kNeeded) != kNeeded || stat.comp_method != ZIP_CM_STORE || stat.size > limit ||
      stat.size > size_)
    return false;
  const std::unique_ptr<zip_file_t, EntryCloser> entry(
      zip_fopen_index(archive_.get(), stat.index, 0));
  if (!entry) return false;
  content.resize(stat.size);
  const zip_int64_t got = zip_fread(entry.get(), content.data(), content.size());
  if (got < 0 || static_cast<zip_uint64_t>(got) != stat.size) return false;
  // libzip compares the CRC where it meets the end, and reports it by a read of its own.
  char beyond;
  return zip_fread(entry.get(), &beyond, 1) == 0;
}

}  // namespace topobathy
