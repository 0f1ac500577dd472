#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "utils/hydrate/hydration_progress.h"

namespace topobathy {

/// How a hydration is done, whatever it makes.
class RunOptions {
 public:
  void declare(CLI::App& arguments);

  std::size_t workers() const;
  /// As it was given.
  std::optional<std::size_t> given_workers() const;
  /// Bytes a worker may need.
  std::uint64_t memory() const;
  std::optional<std::int64_t> max_failures() const;
  ProgressKind progress() const;

 private:
  std::size_t workers_ = 0;
  std::uint64_t memory_ = 0;
  std::int64_t max_failures_ = -1;
  std::string progress_ = "auto";
};

}  // namespace topobathy
