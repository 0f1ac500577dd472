#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cache/hydration_jobs.h"
#include "utils/serve/hydrate/end_job.h"
#include "utils/serve/hydrate/hydrate_order.h"
#include "utils/serve/hydrate/hydrate_tools.h"

namespace topobathy {

/// Hydrations that clients order. All state is the jobs' files, so that all worker processes, and
/// the services on one cache, say the same. Thread-safe.
class HydrateDesk {
 public:
  /// \throws Error: the cache has no folder on this machine
  HydrateDesk(const ServiceSettings& settings, HydrateTools tools);

  const HydrationJobs& jobs() const noexcept { return jobs_; }

  /// Checks the order, writes the job and starts its process. \returns the answer of POST /hydrate
  /// \throws HttpError: nothing has been begun
  nlohmann::json submit(const HydrateOrder& order) const;
  /// The latest first, at most a thousand. (Old ones are removed when the next is begun.)
  nlohmann::json list() const;
  /// \throws HttpError(404)
  nlohmann::json state(const std::string& id) const;
  /// What came of its cells, from a place in the record of them.
  /// \throws HttpError(404), HttpError(400): no such place
  nlohmann::json cells(const std::string& id, std::uint64_t after) const;
  /// \returns the answer of DELETE /hydrate/{id}, when the process is gone. \throws as end_job()
  nlohmann::json cancel(const std::string& id, const EndingPatience& patience = {}) const;

 private:
  std::vector<std::string> words(const HydrateOrder& order, const std::string& policy) const;
  void begin(HydrationJob job, const HydrateOrder& order, const std::string& policy) const;
  void require_a_place() const;
  std::string lock_folder() const;

  const ServiceSettings settings_;
  const HydrateTools tools_;
  const std::string root_;  ///< of the cache, absolute
  const HydrationJobs jobs_;
};

}  // namespace topobathy
