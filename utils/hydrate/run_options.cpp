#include "utils/hydrate/run_options.h"

#include <unistd.h>

#include <algorithm>

#include "fusion/parallel.h"

namespace topobathy {
namespace {

/// Of the machine's memory, for all workers together: the rest is for who else lives here.
constexpr double kShareOfMemory = 0.8;
/// Below this no policy can be read.
constexpr std::uint64_t kLeastMemory = std::uint64_t{256} << 20;

std::uint64_t machine_memory() {
  return static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
         static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

void RunOptions::declare(CLI::App& arguments) {
  arguments
      .add_option("-w,-j,--workers,--jobs", workers_, "Processes at work; default: one a processor")
      ->type_name("N")
      ->check(CLI::Range(1, 256));
  arguments
      .add_option("--memory", memory_,
                  "What a worker may need, such as 2GB; default: a share of 80 % of the machine's")
      ->type_name("SIZE")
      ->transform(CLI::AsSizeValue(false));
  arguments
      .add_option("--max-failures", max_failures_,
                  "Stop when more than N have failed; default: never")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber);
  arguments
      .add_option(
          "--progress", progress_,
          "bar on a terminal, lines elsewhere, json: a line of JSON a second on standard output")
      ->check(CLI::IsMember({"auto", "bar", "lines", "json", "none"}))
      ->default_str("auto");
}

std::size_t RunOptions::workers() const {
  return workers_ > 0 ? workers_ : processor_count();
}

std::optional<std::size_t> RunOptions::given_workers() const {
  return workers_ > 0 ? std::optional<std::size_t>(workers_) : std::nullopt;
}

std::uint64_t RunOptions::memory() const {
  if (memory_ > 0) return memory_;
  const double share = static_cast<double>(machine_memory()) * kShareOfMemory;
  return std::max(kLeastMemory, static_cast<std::uint64_t>(share) / workers());
}

std::optional<std::int64_t> RunOptions::max_failures() const {
  return max_failures_ < 0 ? std::nullopt : std::optional<std::int64_t>(max_failures_);
}

ProgressKind RunOptions::progress() const {
  if (progress_ == "json") return ProgressKind::kJson;
  if (progress_ == "none") return ProgressKind::kNone;
  const bool bar = progress_ == "bar" || (progress_ == "auto" && ::isatty(STDERR_FILENO) != 0);
  return bar ? ProgressKind::kBar : ProgressKind::kLines;
}

}  // namespace topobathy
