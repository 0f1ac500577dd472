#pragma once

#include <functional>
#include <memory>
#include <string>

#include "fusion/fused_cell.h"

namespace topobathy {

using CellPointer = std::shared_ptr<const FusedCell>;

/// Two threads, or two processes on one cache root, that want the same cell fuse it once.
class SingleFlight {
 public:
  /// `lock_directory` empty = threads of this process only.
  explicit SingleFlight(std::string lock_directory);
  ~SingleFlight();

  /// The cell `key` names. One caller of all threads and processes at a time runs `make`; `look` is
  /// asked first (without and, after waiting, with the lock held) whether somebody has made it
  /// meanwhile. Exceptions of `make` reach every waiting thread of this process.
  CellPointer run(const std::string& key, const std::function<CellPointer()>& look,
                  const std::function<CellPointer()>& make);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace topobathy
