#pragma once

#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>

#include "cache/hydration_jobs.h"
#include "cache/process_state.h"
#include "laws/law_test.h"
#include "service/called_routes.h"
#include "utils/serve/hydrate_routes.h"

namespace topobathy::testing_support {

/// Routes of hydration over small policies; their jobs are processes of the built program.
class HydrateTest : public LawTest {
 protected:
  /// 160,000 cells for who takes all of it.
  static constexpr char kWorld[] = "crs: EPSG:4326\nresolution: 86\nextent: [0, 0, 20, 20]\n";

  HydrateTest() {
    settings_.policy.policy_path = policy(kWorld, "  []\n", "  background: -5\n");
    settings_.policy.cache_dir = path("cache");
    settings_.limits.cells_per_job = 200'000;
  }
  ~HydrateTest() override {
    for (const HydrationJob& job : jobs().list())
      if (!job.has_ended() && job.process) ::kill(static_cast<pid_t>(job.process->pid), SIGKILL);
    // Workers end with the cell in hand; the folder must not go before them.
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }

  CalledRoutes routes() const { return CalledRoutes(hydrate_routes(settings_, tools_)); }
  HydrationJobs jobs() const { return HydrationJobs(path("cache")); }

  static nlohmann::json small_order() { return {{"bbox", {0.01, 0.01, 0.19, 0.09}}}; }
  static nlohmann::json large_order() { return {{"bbox", {0, 0, 20, 20}}, {"max_workers", 1}}; }
  std::string begin(const nlohmann::json& order) const {
    const auto answer = routes().call("POST /hydrate", order);
    EXPECT_EQ(200, answer.status) << answer.json;
    return answer.json.value("job_id", "");
  }
  /// The job's state when it fulfils the condition; fails after half a minute.
  HydrationJob wait_for(const std::string& id,
                        const std::function<bool(const HydrationJob&)>& met) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    for (;; std::this_thread::sleep_for(std::chrono::milliseconds(20))) {
      const auto job = jobs().read(id);
      if (job && met(*job)) return *job;
      if (std::chrono::steady_clock::now() < end) continue;
      ADD_FAILURE() << "job " << id << ": " << (job ? to_json_text(*job) : "is not there");
      return {};
    }
  }
  HydrationJob wait_for_end(const std::string& id) const {
    return wait_for(id, [](const HydrationJob& job) { return job.has_ended(); });
  }
  HydrationJob wait_for_cells(const std::string& id) const {
    return wait_for(id, [](const HydrationJob& job) { return job.cells.processed > 0; });
  }

  ServiceSettings settings_;
  HydrateTools tools_{TOPOBATHY_PROGRAM,
                      [](const std::string& yaml, const ServiceSettings&) { return yaml; }};
};

/// Whether it runs; one that waits for its parent to hear of its end does not.
inline bool is_there(pid_t process) {
  return process_start_ticks(process).has_value();
}

}  // namespace topobathy::testing_support
