#include "utils/serve/hydrate/followed_job.h"

#include <utility>

#include "utils/serve/hydrate/shown_job.h"

namespace topobathy {
namespace {

/// A job's file is replaced once a second.
constexpr std::chrono::milliseconds kFrameKept{250};
constexpr std::size_t kMostKept = 256;

class FollowedJob final : public Followed {
 public:
  FollowedJob(std::shared_ptr<JobFrames> frames, std::string id)
      : frames_(std::move(frames)), id_(std::move(id)) {}

  std::string look() override {
    JobFrames::Frame frame = frames_->frame(id_);
    is_over_ = frame.is_last;
    return std::move(frame.text);
  }
  bool is_over() const override { return is_over_; }

 private:
  const std::shared_ptr<JobFrames> frames_;
  const std::string id_;
  bool is_over_ = false;
};

}  // namespace

JobFrames::Frame JobFrames::read(const std::string& id) const {
  const auto job = jobs_.read(id);
  if (!job) return {R"({"error":"Job not found","status":"failed"})", true};
  return {shown_job(*job).dump(), job->has_ended()};
}

JobFrames::Frame JobFrames::frame(const std::string& id) {
  if (!is_job_id(id)) return read(id);
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  const auto known = kept_.find(id);
  if (known != kept_.end() && now < known->second.read + kFrameKept) return known->second.frame;
  if (kept_.size() >= kMostKept) kept_.clear();
  return (kept_[id] = {now, read(id)}).frame;
}

std::unique_ptr<Followed> follow_frames(std::shared_ptr<JobFrames> frames, const std::string& id) {
  return std::make_unique<FollowedJob>(std::move(frames), id);
}

}  // namespace topobathy
