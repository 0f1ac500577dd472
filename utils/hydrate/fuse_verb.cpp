#include "fusion/error.h"
#include "utils/byte_text.h"
#include "utils/exit_status.h"
#include "utils/hydrate/detached_job.h"
#include "utils/hydrate/fuse_arguments.h"
#include "utils/hydrate/fuse_hydration.h"
#include "utils/hydrate/hydrate_verb.h"
#include "utils/hydrate/known_job.h"
#include "utils/hydrate/run_options.h"
#include "utils/json_values.h"
#include "utils/remote/fuse_on_server.h"

namespace topobathy {
namespace {

class FuseVerb final : public HydrateVerb {
 public:
  const char* name() const override { return "fuse"; }
  const char* summary() const override { return "Fuse the cells of an area into tier 2"; }
  void declare(CLI::App& arguments) override;
  int run(std::ostream& out) override;

 private:
  int resume(std::ostream& out);
  int run_as_job();
  int on_server() const;
  int dry_run(const FuseHydration& hydration, std::ostream& out) const;

  FuseArguments arguments_;
  RunOptions options_;
  ServerArguments server_;
  std::string resume_, as_job_;
  bool dry_run_ = false, json_ = false;
};

void FuseVerb::declare(CLI::App& arguments) {
  arguments_.declare(arguments);
  options_.declare(arguments);
  server_.declare(arguments, true);
  arguments.add_option("--resume", resume_, "Go on with a job: what it was to do is known")
      ->type_name("ID");
  arguments.add_option("--as-job", as_job_)->group("");  // hidden: for the service
  arguments.add_flag("--dry-run", dry_run_,
                     "Say which cells it would make, and about how large they are");
  arguments.add_flag("--json", json_, "The answer of --dry-run as JSON");
}

int FuseVerb::dry_run(const FuseHydration& hydration, std::ostream& out) const {
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

int FuseVerb::resume(std::ostream& out) {
  if (arguments_.given())
    throw Error(ErrorCode::kUsage, "--resume knows policy and area: leave them out");
  const HydrationJobs jobs = jobs_of(arguments_.cache_root());
  HydrationJob job = resumable_job(jobs, resume_, name());
  const SavedArguments<FuseArguments> saved(saved_words(job));
  const FuseHydration hydration(saved.get());
  return dry_run_ ? dry_run(hydration, out) : hydration.run(options_, std::move(job));
}

/// A job that a service has written down: done by a process of its own, whoever started it.
int FuseVerb::run_as_job() {
  const HydrationJobs jobs = jobs_of(arguments_.cache_root());
  auto job = detach_as_job(jobs, as_job_);
  if (!job) return kExitOk;
  try {
    arguments_.check();
    return FuseHydration(arguments_).run(options_, *job, /*recorded=*/true);
  } catch (const std::exception& error) {
    mark_failed(jobs, as_job_, error.what());
    throw;
  }
}

int FuseVerb::on_server() const {
  server_.require_only({"box", "policy", "resolution", "zoom", "workers", "progress"});
  if (arguments_.box().empty())
    throw Error(ErrorCode::kUsage, "no area: give west south east north");
  HydrationArea::of_box(arguments_.box());  // is one
  return fuse_on_server(server_,
                        {arguments_.box(), arguments_.resolution(), arguments_.zoom(),
                         options_.given_workers(), arguments_.policy_path()},
                        options_.progress());
}

int FuseVerb::run(std::ostream& out) {
  if (server_.given()) return on_server();
  server_.require_none();
  if (!as_job_.empty()) return run_as_job();
  if (!resume_.empty()) return resume(out);
  arguments_.check();
  const FuseHydration hydration(arguments_);
  if (dry_run_) return dry_run(hydration, out);
  prune_old(jobs_of(hydration.cache_root()));
  return hydration.run(options_, new_job());
}

}  // namespace

std::unique_ptr<HydrateVerb> make_fuse_verb() {
  return std::make_unique<FuseVerb>();
}

}  // namespace topobathy
