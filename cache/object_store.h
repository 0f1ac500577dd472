#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "cache/bytes.h"
#include "cache/read_file.h"

namespace topobathy {

/// Where cells lie: whole objects by name (`fused_zarr/76f951b4/<hash>.zarr.zip`), in a folder or
/// in an object store. Whoever reads finds the old object, the new one or none. Thread-safe.
class ObjectStore {
 public:
  /// `root` as people name it; no slash at its end.
  explicit ObjectStore(std::string root) : root_(std::move(root)) {}
  virtual ~ObjectStore() = default;
  ObjectStore(const ObjectStore&) = delete;
  ObjectStore& operator=(const ObjectStore&) = delete;

  const std::string& root() const noexcept { return root_; }
  std::string path_of(const std::string& name) const { return root_ + "/" + name; }

  /// The whole object as it is now; nothing when there is none, or a larger one than `limit`.
  /// \throws Error(kCache) when the store cannot say: no answer, no right to look
  virtual std::optional<Bytes> get(const std::string& name, std::size_t limit, Reading reading) = 0;
  /// \throws Error(kCache) naming object and cause; the old object is then still there
  virtual void put(const std::string& name, const Bytes& content) = 0;

  /// True once: a store that fails would say so for every cell.
  bool is_first_trouble() noexcept { return !troubled_.exchange(true); }

 private:
  const std::string root_;
  std::atomic<bool> troubled_{false};
};

}  // namespace topobathy
