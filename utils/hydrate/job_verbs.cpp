#include "utils/exit_status.h"
#include "utils/hydrate/hydrate_verb.h"
#include "utils/hydrate/job_list.h"
#include "utils/hydrate/known_job.h"
#include "utils/open_arguments.h"
#include "utils/remote/jobs_on_server.h"

namespace topobathy {
namespace {

std::string cache_root(const OpenArguments& arguments) {
  const std::string folder = arguments.request("").cache_dir;
  return folder.empty() ? default_cache_root() : folder;
}

class JobsVerb final : public HydrateVerb {
 public:
  const char* name() const override { return "jobs"; }
  const char* summary() const override { return "The hydrations of a cache: running, ended, dead"; }
  void declare(CLI::App& arguments) override {
    arguments.add_option("id", id_, "One of them; default: all")->type_name("ID");
    arguments.add_flag("--json", json_, "As JSON");
    place_.declare(arguments, {"CACHE_DIR"});
    server_.declare(arguments, false);
  }
  int run(std::ostream& out) override {
    if (server_.given()) {
      server_.require_only({"id", "json"});
      return list_jobs_on_server(server_, id_, json_, out);
    }
    server_.require_none();
    const HydrationJobs jobs = jobs_of(cache_root(place_));
    print_jobs(out, id_.empty() ? jobs.list() : std::vector{known_job(jobs, id_)}, json_);
    return kExitOk;
  }

 private:
  OpenArguments place_;
  ServerArguments server_;
  std::string id_;
  bool json_ = false;
};

class CancelVerb final : public HydrateVerb {
 public:
  const char* name() const override { return "cancel"; }
  const char* summary() const override { return "Ask a hydration to stop after the units in hand"; }
  void declare(CLI::App& arguments) override {
    arguments.add_option("id", id_, "The job")->type_name("ID")->required();
    place_.declare(arguments, {"CACHE_DIR"});
    server_.declare(arguments, false);
  }
  int run(std::ostream& out) override {
    if (server_.given()) {
      server_.require_only({"id"});
      return cancel_job_on_server(server_, id_, out);
    }
    server_.require_none();
    const HydrationJobs jobs = jobs_of(cache_root(place_));
    known_job(jobs, id_);
    out << "job " << id_ << (jobs.cancel(id_) ? " is asked to stop\n" : " has ended already\n");
    return kExitOk;
  }

 private:
  OpenArguments place_;
  ServerArguments server_;
  std::string id_;
};

}  // namespace

std::unique_ptr<HydrateVerb> make_jobs_verb() {
  return std::make_unique<JobsVerb>();
}

std::unique_ptr<HydrateVerb> make_cancel_verb() {
  return std::make_unique<CancelVerb>();
}

}  // namespace topobathy
