#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "cache/hydration_jobs.h"
#include "cache/json_text.h"
#include "fusion/error.h"
#include "providers/object_store/cache_place.h"
#include "utils/byte_text.h"
#include "utils/command.h"
#include "utils/exit_status.h"
#include "utils/hydrate/fuse_arguments.h"
#include "utils/hydrate/fuse_hydration.h"
#include "utils/hydrate/job_list.h"
#include "utils/hydrate/run_options.h"
#include "utils/json_values.h"

namespace topobathy {
namespace {

constexpr std::chrono::hours kJobsKept{24};

class HydrateCommand final : public Command {
 public:
  const char* name() const override { return "hydrate"; }
  const char* summary() const override {
    return "Fill the cache for an area, so that later reads only open files";
  }
  void declare(CLI::App& arguments) override;
  int run(std::ostream& out) override;

 private:
  void declare_fuse(CLI::App& arguments);
  void declare_jobs(CLI::App& arguments);
  void declare_cancel(CLI::App& arguments);
  int run_fuse(std::ostream& out);
  int dry_run(const FuseHydration& hydration, std::ostream& out) const;

  CLI::App *fuse_ = nullptr, *jobs_ = nullptr, *cancel_ = nullptr;
  FuseArguments fuse_arguments_;
  RunOptions options_;
  OpenArguments place_, cancel_place_;
  std::string resume_, id_;
  bool dry_run_ = false, json_ = false;
};

void HydrateCommand::declare(CLI::App& arguments) {
  arguments.require_subcommand(1);
  declare_fuse(arguments);
  declare_jobs(arguments);
  declare_cancel(arguments);
}

void HydrateCommand::declare_fuse(CLI::App& arguments) {
  fuse_ = arguments.add_subcommand("fuse", "Fuse the cells of an area into tier 2");
  fuse_->fallthrough();
  fuse_->set_help_flag("-h,--help", "Say how to use it");
  fuse_arguments_.declare(*fuse_);
  options_.declare(*fuse_);
  fuse_->add_option("--resume", resume_, "Go on with a job: what it was to do is known")
      ->type_name("ID");
  fuse_->add_flag("--dry-run", dry_run_,
                  "Say which cells it would make, and about how large they are");
  fuse_->add_flag("--json", json_, "The answer of --dry-run as JSON");
}

void HydrateCommand::declare_jobs(CLI::App& arguments) {
  jobs_ = arguments.add_subcommand("jobs", "The hydrations of a cache: running, ended, dead");
  jobs_->fallthrough();
  jobs_->set_help_flag("-h,--help", "Say how to use it");
  jobs_->add_option("id", id_, "One of them; default: all")->type_name("ID");
  jobs_->add_flag("--json", json_, "As JSON");
  place_.declare(*jobs_, {"CACHE_DIR"});
}

void HydrateCommand::declare_cancel(CLI::App& arguments) {
  cancel_ = arguments.add_subcommand("cancel", "Ask a hydration to stop after the cells in hand");
  cancel_->fallthrough();
  cancel_->set_help_flag("-h,--help", "Say how to use it");
  cancel_->add_option("id", id_, "The job")->type_name("ID")->required();
  cancel_place_.declare(*cancel_, {"CACHE_DIR"});
}

std::string job_root(const OpenArguments& arguments) {
  const std::string folder = arguments.request("").cache_dir;
  return local_cache_folder(folder.empty() ? default_cache_root() : folder);
}

HydrationJob new_job() {
  HydrationJob job;
  job.id = new_job_id();
  job.submitted_at = job_time();
  return job;
}

HydrationJob known_job(const HydrationJobs& jobs, const std::string& id) {
  auto job = jobs.read(id);
  if (!job)
    throw Error(ErrorCode::kNotFound, "no job " + id + ": topobathy hydrate jobs lists them");
  return *std::move(job);
}

HydrationJob resumable_job(const HydrationJobs& jobs, const std::string& id) {
  HydrationJob job = known_job(jobs, id);
  if (!job.has_ended())
    throw Error(ErrorCode::kUsage,
                "job " + id + " is " + to_text(job.status) + ": nothing to resume");
  job.error.clear();
  job.failure_reason.clear();
  job.finished_at.clear();
  return job;
}

std::vector<std::string> saved_words(const HydrationJob& job) {
  const auto request = parse_foreign_json(job.request);
  if (!request.is_object() || !request.contains("arguments"))
    throw Error(ErrorCode::kUsage,
                "job " + job.id + " does not say what it was to do; give its arguments");
  return request["arguments"].get<std::vector<std::string>>();
}

int HydrateCommand::dry_run(const FuseHydration& hydration, std::ostream& out) const {
  const FuseHydration::Estimate estimate = hydration.estimate();
  if (json_) {
    out << json_text({{"format", kJsonFormat},
                      {"cells", estimate.cells},
                      {"cached", estimate.cached},
                      {"to_make", estimate.cells - estimate.cached},
                      {"cells_by_level", estimate.by_level},
                      {"bytes", estimate.bytes},
                      {"cache", hydration.cache_root()}})
        << '\n';
    return kExitOk;
  }
  out << estimate.cells << " cells, " << estimate.cached << " of them cached; "
      << estimate.cells - estimate.cached << " to make, about " << byte_text(estimate.bytes)
      << '\n';
  for (std::size_t level = 0; level < estimate.by_level.size() && estimate.by_level.size() > 1;
       ++level)
    out << "level " << level << ": " << estimate.by_level[level] << " cells\n";
  return kExitOk;
}

int HydrateCommand::run_fuse(std::ostream& out) {
  if (!resume_.empty()) {
    if (fuse_arguments_.given())
      throw Error(ErrorCode::kUsage, "--resume knows policy and area: leave them out");
    const HydrationJobs jobs(fuse_arguments_.job_root());
    HydrationJob job = resumable_job(jobs, resume_);
    const SavedFuseArguments saved(saved_words(job));
    const FuseHydration hydration(saved.get());
    return dry_run_ ? dry_run(hydration, out) : hydration.run(options_, std::move(job));
  }
  fuse_arguments_.check();
  const FuseHydration hydration(fuse_arguments_);
  if (dry_run_) return dry_run(hydration, out);
  HydrationJobs(hydration.job_root()).prune(kJobsKept);
  return hydration.run(options_, new_job());
}

int HydrateCommand::run(std::ostream& out) {
  if (fuse_->parsed()) return run_fuse(out);
  if (jobs_->parsed()) {
    const HydrationJobs jobs(job_root(place_));
    if (!id_.empty())
      print_jobs(out, {known_job(jobs, id_)}, json_);
    else
      print_jobs(out, jobs.list(), json_);
    return kExitOk;
  }
  const HydrationJobs jobs(job_root(cancel_place_));
  known_job(jobs, id_);
  if (!jobs.cancel(id_)) {
    out << "job " << id_ << " has ended already\n";
    return kExitOk;
  }
  out << "job " << id_ << " is asked to stop\n";
  return kExitOk;
}

}  // namespace

std::unique_ptr<Command> make_hydrate_command() {
  return std::make_unique<HydrateCommand>();
}

}  // namespace topobathy
