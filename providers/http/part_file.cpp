#include "providers/http/part_file.h"

#include <unistd.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <random>
#include <system_error>
#include <utility>
#include <vector>

#include "fusion/error.h"
#include "providers/http/tuning.h"

namespace topobathy {
namespace {

namespace fs = std::filesystem;

constexpr char kPrefix[] = ".part-";
constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

std::string directory_of(const std::string& path) {
  const std::string directory = fs::path(path).parent_path().string();
  return directory.empty() ? "." : directory;
}

/// Of the parts of one file. Hashed, since the ETag has to find room in the name too.
std::string stem_of(const std::string& path) {
  return kPrefix + sha256_hex(fs::path(path).filename().string()).substr(0, 16) + "-";
}

std::string to_hex(const std::string& text) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const char c : text) {
    hex.push_back(kDigits[static_cast<unsigned char>(c) >> 4]);
    hex.push_back(kDigits[static_cast<unsigned char>(c) & 15]);
  }
  return hex;
}

/// "" for what to_hex() does not write.
std::string from_hex(const std::string& hex) {
  const auto digit = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  std::string text;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    if (digit(hex[i]) < 0 || digit(hex[i + 1]) < 0) return "";
    text.push_back(static_cast<char>(16 * digit(hex[i]) + digit(hex[i + 1])));
  }
  return hex.size() % 2 == 0 ? text : "";
}

/// A weak ETag (W/"...") names the same meaning, not the same bytes.
bool is_strong(const std::string& etag) {
  // It becomes a header line again, perhaps from a file's name.
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  return std::none_of(etag.begin(), etag.end(), is_control) && etag.size() >= 3 &&
         etag.size() <= http_tuning::kEtagBytes && etag.front() == '"' && etag.back() == '"';
}

std::string unique_tail() {
  std::random_device device;
  return "u" + std::to_string(::getpid()) + "-" + std::to_string(device()) +
         std::to_string(device());
}

std::vector<std::string> parts_in(const std::string& directory, const std::string& stem) {
  std::vector<std::string> parts;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.compare(0, stem.size(), stem) == 0) parts.push_back(name);
  }
  return parts;
}

}  // namespace

PartFile::PartFile(const Setup& setup) : setup_(setup), directory_(directory_of(setup.path)) {
  guarded([this] { setup_.files.make_directories(directory_); });
  if (setup_.alone) guarded([this] { take_up(); });
}

PartFile::~PartFile() {
  close_quietly();
  // A later process believes whole multiples of sync_bytes only: see take_up().
  const bool is_of_use = setup_.alone && !etag_.empty() && synced_ >= setup_.sync_bytes;
  if (!is_of_use) discard();
}

void PartFile::take_up() {
  const std::string stem = stem_of(setup_.path);
  for (const std::string& name : parts_in(directory_, stem)) {
    const std::string path = directory_ + "/" + name;
    const std::string etag = from_hex(name.substr(stem.size()));
    std::error_code error;
    const bool is_file = fs::is_regular_file(fs::symlink_status(path, error));
    const std::uintmax_t bytes = is_file ? fs::file_size(path, error) : 0;
    // Each time so much had come it was synced; what came later a crash may have turned to zeros.
    const std::uint64_t sure = error ? 0 : bytes - bytes % setup_.sync_bytes;
    if (!part_.empty() || !is_strong(etag) || sure == 0) {
      setup_.files.remove(path);
      continue;
    }
    part_ = path;
    file_ = setup_.files.reopen(path, sure);
    etag_ = etag;
    size_ = synced_ = sure;
    if (setup_.with_sha256) hash_existing(path);
  }
}

void PartFile::hash_existing(const std::string& part) {
  std::ifstream in(part, std::ios::binary);
  std::vector<char> piece(kPieceBytes);
  std::uint64_t hashed = 0;
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())), in.gcount() > 0) {
    hash_.update(piece.data(), static_cast<std::size_t>(in.gcount()));
    hashed += static_cast<std::uint64_t>(in.gcount());
  }
  if (hashed != size_) throw std::system_error(EIO, std::generic_category(), "read " + part);
}

void PartFile::start(const std::string& etag) {
  discard();
  etag_ = setup_.alone && is_strong(etag) ? etag : "";
  const std::string tail = etag_.empty() ? unique_tail() : to_hex(etag_);
  guarded([&] {
    const std::string part = directory_ + "/" + stem_of(setup_.path) + tail;
    file_ = setup_.files.create(part);
    part_ = part;
  });
}

void PartFile::append(const char* data, std::size_t size) {
  guarded([&] {
    while (size > 0) {
      // Syncs fall on whole multiples, for take_up().
      const std::uint64_t room = setup_.sync_bytes - size_ % setup_.sync_bytes;
      const std::size_t piece = static_cast<std::size_t>(std::min<std::uint64_t>(room, size));
      const std::size_t written = setup_.files.write(file_, data, piece);
      if (setup_.with_sha256) hash_.update(data, written);
      size_ += written;
      data += written;
      size -= written;
      if (size_ % setup_.sync_bytes != 0) continue;
      setup_.files.sync(file_);
      synced_ = size_;
    }
  });
}

void PartFile::discard() noexcept {
  close_quietly();
  if (!part_.empty()) setup_.files.remove(part_);
  part_.clear();
  etag_.clear();
  size_ = synced_ = 0;
  hash_ = Sha256();
}

std::string PartFile::sha256() {
  return hash_.hex();
}

void PartFile::publish() {
  guarded([this] {
    setup_.files.sync(file_);
    setup_.files.close(std::exchange(file_, -1));
    setup_.files.rename(part_, setup_.path);
    part_.clear();
    setup_.files.sync_directory(directory_);
  });
}

void PartFile::close_quietly() noexcept {
  try {
    if (file_ >= 0) setup_.files.close(std::exchange(file_, -1));
  } catch (const std::exception&) {
    // What was not synced is not believed anyway.
  }
}

template <class Action>
void PartFile::guarded(const Action& action) {
  try {
    action();
  } catch (const std::system_error& error) {
    fail(error.what());
  }
}

void PartFile::fail(const std::string& reason) {
  discard();
  throw Error(ErrorCode::kCache,
              "cannot write " + setup_.path + ": " + reason +
                  "; check the free space and the permissions of the cache directory, or set "
                  "TOPOBATHY_CACHE_DIR to another one");
}

bool is_part_name(const std::string& name) noexcept {
  return name.compare(0, sizeof kPrefix - 1, kPrefix) == 0;
}

}  // namespace topobathy
