#include "providers/http/downloader.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

#include "cache/key_lock.h"
#include "fusion/error.h"
#include "fusion/sha256.h"
#include "providers/http/counting.h"
#include "providers/http/download_sink.h"

namespace topobathy {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

std::string sha256_of_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::vector<char> piece(kPieceBytes);
  Sha256 hash;
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())), in.gcount() > 0)
    hash.update(piece.data(), static_cast<std::size_t>(in.gcount()));
  return hash.hex();
}

/// What tells that somebody has put another file there; 0 = there is none.
struct Stamp {
  fs::file_time_type time{};
  std::uintmax_t size = 0;
  bool is_file = false;

  friend bool operator!=(const Stamp& a, const Stamp& b) {
    return a.is_file != b.is_file || a.time != b.time || a.size != b.size;
  }
};

Stamp stamp_of(const std::string& path) {
  std::error_code error;
  Stamp stamp;
  stamp.is_file = fs::is_regular_file(path, error);
  if (!stamp.is_file) return stamp;
  stamp.time = fs::last_write_time(path, error);
  stamp.size = fs::file_size(path, error);
  return stamp;
}

bool fits(const Stamp& there, const Download& wanted) {
  return there.is_file && (!wanted.size || there.size == *wanted.size) &&
         (wanted.sha256.empty() || sha256_of_file(wanted.path) == wanted.sha256);
}

HttpAnswer answer_of(const Stamp& there) {
  HttpAnswer answer;
  answer.status = 200;
  answer.size = static_cast<std::int64_t>(there.size);
  return answer;
}

std::string lock_directory(const std::string& path) {
  const fs::path directory = fs::path(path).parent_path();
  return (directory.empty() ? fs::path(".") : directory).string() + "/.locks";
}

}  // namespace

HttpAnswer Downloader::download(const Download& wanted) {
  return flights_.run(wanted.path + '\n' + wanted.url + '\n' + wanted.sha256,
                      [&] { return fetch_alone(wanted); });
}

HttpAnswer Downloader::fetch_alone(const Download& wanted) {
  const Stamp before = stamp_of(wanted.path);
  if (!wanted.replace && fits(before, wanted)) return answer_of(before);
  const KeyLock lock(lock_directory(wanted.path), wanted.path);
  // Another process may have put it there between the first look and the lock.
  const Stamp now = stamp_of(wanted.path);
  if (now != before && fits(now, wanted)) return answer_of(now);
  PartFile part(
      {files_, wanted.path, lock.held(), !wanted.sha256.empty(), requester_.limits().sync_bytes});
  return fetch(wanted, part);
}

HttpAnswer Downloader::fetch(const Download& wanted, PartFile& part) {
  // What was damaged on the way, or is a mix of two editions, is right the second time.
  for (int round = 0;; ++round) {
    HttpAnswer answer = transfer(wanted, part);
    if (!answer.ok()) return answer;
    const std::string sha256 = wanted.sha256.empty() ? "" : part.sha256();
    if (sha256 == wanted.sha256) {
      answer.size = static_cast<std::int64_t>(part.size());
      part.publish();
      count_download();
      return answer;
    }
    part.discard();
    if (round == 1)
      throw Error(ErrorCode::kUnreadable,
                  "'" + without_secrets(wanted.url) + "': its SHA-256 is " + sha256 +
                      " where the archive's index says " + wanted.sha256 +
                      ", twice; the file is not kept, try again when the archive has mended it");
  }
}

HttpAnswer Downloader::transfer(const Download& wanted, PartFile& part) {
  const HttpLimits& limits = requester_.limits();
  DownloadSink sink(wanted, std::min(wanted.max_bytes, limits.max_download), part);
  requester_.send([&] { return sink.next(); }, sink,
                  [&](const AnswerHead& head) { return sink.lacking(head); },
                  limits.download_seconds, [&] { return part.size(); });
  return sink.answer();
}

}  // namespace topobathy
