#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "cache/hydration_jobs.h"
#include "utils/serve/route.h"

namespace topobathy {

/// The states of jobs as frames: each file is read a few times a second, however many follow it.
/// Thread-safe.
class JobFrames {
 public:
  struct Frame {
    std::string text;
    bool is_last = false;
  };
  explicit JobFrames(HydrationJobs jobs) : jobs_(std::move(jobs)) {}

  /// {"error": "Job not found", "status": "failed"} where there is no such job.
  Frame frame(const std::string& id);

 private:
  struct Kept {
    std::chrono::steady_clock::time_point read;
    Frame frame;
  };
  Frame read(const std::string& id) const;

  const HydrationJobs jobs_;
  std::mutex mutex_;
  std::map<std::string, Kept> kept_;
};

/// A job that is followed until it has ended.
std::unique_ptr<Followed> follow_frames(std::shared_ptr<JobFrames> frames, const std::string& id);

}  // namespace topobathy
