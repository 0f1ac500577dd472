#pragma once

#include <string>
#include <utility>

#include "cache/atomic_file.h"
#include "cache/object_store.h"

namespace topobathy {

/// Objects as files below a folder; one that cannot be read is as good as none.
class FolderStore final : public ObjectStore {
 public:
  /// `files` does the writing and must outlive the store. Not `mark_use`: reading leaves no trace,
  /// for a cache that is only read.
  FolderStore(std::string folder, FileSystem& files, bool mark_use)
      : ObjectStore(std::move(folder)), files_(&files), mark_use_(mark_use) {}

  std::optional<Bytes> get(const std::string& name, std::size_t limit, Reading reading) override {
    return read_file(path_of(name), limit, mark_use_ ? reading : Reading::kLook);
  }
  void put(const std::string& name, const Bytes& content) override {
    write_file_atomically(*files_, path_of(name), content);
  }

 private:
  FileSystem* files_;
  bool mark_use_;
};

}  // namespace topobathy
