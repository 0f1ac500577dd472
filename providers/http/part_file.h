#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "cache/file_system.h"
#include "fusion/sha256.h"

namespace topobathy {

/// A file in the making, beside its final path. Its name tells the path and the ETag of what it is
/// a part of, so that a later process can go on with it; a part without a strong ETag, or one that
/// is not sure to be on the disk, is of no use later and goes away with this object. One thread.
/// \throws Error(kCache) naming the final path, from every member; the part is then gone
class PartFile {
 public:
  struct Setup {
    FileSystem& files;
    std::string path;  ///< of the finished file
    /// Nobody else works on this path: the name is stable and what is there is gone on with. Else
    /// the name is unique.
    bool alone = true;
    bool with_sha256 = false;
    std::uint64_t sync_bytes = 0;  ///< see http_tuning::kSyncBytes
  };
  /// Takes up what an earlier process has left.
  explicit PartFile(const Setup& setup);
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  std::uint64_t size() const noexcept { return size_; }
  /// Of what it is a part of; "" = it cannot be gone on with.
  const std::string& etag() const noexcept { return etag_; }

  /// Begins again, with nothing.
  void start(const std::string& etag);
  void append(const char* data, std::size_t size);
  /// Nothing is left, also on the disk.
  void discard() noexcept;

  /// Of all bytes. \pre with_sha256; start() or publish() follows
  std::string sha256();
  /// The part becomes the file. \pre start() was called, or a part was taken up
  void publish();

 private:
  void take_up();
  void hash_existing(const std::string& part);
  void close_quietly() noexcept;
  [[noreturn]] void fail(const std::string& reason);
  template <class Action>
  void guarded(const Action& action);

  const Setup setup_;
  const std::string directory_;
  std::string part_;  ///< path of the part, "" = there is none
  std::string etag_;
  int file_ = -1;
  std::uint64_t size_ = 0;
  std::uint64_t synced_ = 0;
  Sha256 hash_;
};

/// True for names (without directory) of parts; a killed process leaves at most one a file.
bool is_part_name(const std::string& name) noexcept;

}  // namespace topobathy
