#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "cache/file_system.h"
#include "cache/hydration_job.h"

namespace topobathy {

/// The jobs of a cache root: `hydration_jobs/<id>.json`, one a hydration. Any process may read and
/// cancel them; a job's own process writes them. Files are replaced as a whole: a reader finds the
/// state before or the state after. Thread-safe.
class HydrationJobs {
 public:
  explicit HydrationJobs(const std::string& cache_root, FileSystem& files = posix_file_system());

  std::string path_of(const std::string& id) const;
  /// Of what came of its cells, where that is kept (utils/hydrate/cell_record.h); pruned with it.
  std::string cells_path_of(const std::string& id) const;
  /// Of the policy that came with the job, where one did; pruned with it.
  std::string policy_path_of(const std::string& id) const;
  /// \throws Error(kCache)
  void write(const HydrationJob& job) const;
  /// A job that says it runs, and whose process has ended without a word, is found `failed` with
  /// failure_reason "worker_died"; its file then says so too, where it can be written.
  std::optional<HydrationJob> read(const std::string& id) const;
  /// All of them, the latest first. Files that are no jobs are left out.
  std::vector<HydrationJob> list() const;
  /// Asks the job's process to stop (SIGTERM); the process writes that the job is cancelled. One
  /// that nobody runs is written down as cancelled here. \returns false: it had ended already
  /// \throws Error(kUsage): it runs on another machine
  bool cancel(const std::string& id) const;
  /// Removes those that ended longer ago. \returns their ids
  std::vector<std::string> prune(std::chrono::seconds age) const;

 private:
  std::optional<HydrationJob> load(const std::string& id) const;

  std::string folder_;
  FileSystem* files_;
};

}  // namespace topobathy
