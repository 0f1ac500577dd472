#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "providers/raster/file_stamp.h"

namespace topobathy {

/// What the servers said lately of remote files. A file is opened many times in a read (by each
/// thread, for each cell); its server is asked once. Thread-safe.
///
/// GDAL keeps what it has read of a URL for as long as the process lives, whatever becomes of the
/// file: when a stamp differs from the last one, that is dropped, or old bytes would be taken for
/// the new edition's.
class RemoteStamps {
 public:
  using Ask = std::function<std::optional<FileStamp>()>;
  using Now = std::function<double()>;  ///< seconds of a clock that only goes forward

  RemoteStamps();
  /// With another clock. `forget(path)`: drops what GDAL has of a path.
  RemoteStamps(Now now, std::function<void(const std::string&)> forget);

  /// The stamp of a path, not older than kSeconds. Threads that want it at the same time ask once.
  /// That there is no such file is not remembered. \throws Error what `ask` throws
  std::optional<FileStamp> find(const std::string& path, const Ask& ask);
  /// The next find() of the path asks, and notices whether the file has changed.
  void expire(const std::string& path);

  /// A read that takes longer asks again now and then; sooner than that nobody could tell an
  /// edition that was replaced before the read from one replaced while it lasted.
  static constexpr double kSeconds = 10.0;

 private:
  struct State;
  const std::shared_ptr<State> state_;
};

/// Those of the process.
RemoteStamps& remote_stamps();

}  // namespace topobathy
