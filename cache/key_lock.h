#pragma once

#include <string>

namespace topobathy {

/// A lock file of one key that all processes on one cache root respect, by flock(): the kernel
/// drops it when its holder dies, however it dies. Serves one process as a whole: threads of one
/// process are kept apart by SingleFlight.
///
/// One file a key, not a fixed set of hashed files: two keys never wait for each other, so
/// unrelated work stays parallel and a holder that needs a second key cannot dead-lock on a shared
/// file. The holder removes the file before it lets go, so that files do not pile up; who has
/// waited on a removed file sees that the name is gone or names another file, and starts over.
class KeyLock {
 public:
  /// Waits until nobody else holds the key. `directory` is made when missing; where no lock can be
  /// had (read-only root, no flock on the file system) returns at once without one: then work may
  /// be done twice, which costs time and nothing else.
  KeyLock(const std::string& directory, const std::string& key);
  ~KeyLock();
  KeyLock(const KeyLock&) = delete;
  KeyLock& operator=(const KeyLock&) = delete;

  bool held() const noexcept { return file_ >= 0; }

 private:
  std::string path_;
  int file_ = -1;
};

}  // namespace topobathy
