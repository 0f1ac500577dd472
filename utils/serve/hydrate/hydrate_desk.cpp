#include "utils/serve/hydrate/hydrate_desk.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "cache/key_lock.h"
#include "fusion/error.h"
#include "providers/object_store/cache_place.h"
#include "utils/hydrate/cell_record.h"
#include "utils/hydrate/fuse_arguments.h"
#include "utils/hydrate/fuse_hydration.h"
#include "utils/hydrate/known_job.h"
#include "utils/json_values.h"
#include "utils/serve/body/path_free.h"
#include "utils/serve/http_error.h"
#include "utils/serve/hydrate/job_process.h"
#include "utils/serve/hydrate/ordered_policy.h"
#include "utils/serve/hydrate/shown_job.h"

namespace topobathy {
namespace {

constexpr int kRefusedPolicy = 400, kRefusedOrder = 422, kTooManyJobs = 429, kNotBegun = 500,
              kNotNow = 503;
/// Seconds after which to ask for a place again: most jobs take minutes.
constexpr int kAskAgain = 30;
constexpr std::size_t kMostListed = 1000;
constexpr char kStartLock[] = "hydration_jobs";

std::string root_of(const ServiceSettings& settings) {
  const std::string& folder = settings.policy.cache_dir;
  return absolute_path(folder.empty() ? default_cache_root() : folder);
}

int status_of_error(const Error& error) {
  switch (error.code()) {
    case ErrorCode::kPolicy:
      return kRefusedPolicy;
    case ErrorCode::kUsage:
    case ErrorCode::kUnsupported:
      return kRefusedOrder;
    case ErrorCode::kNotFound:
    case ErrorCode::kUnreadable:
      return kNotNow;
    default:
      return kNotBegun;
  }
}

/// What the order means, with the number of its cells. \throws HttpError
HydrationJob planned_job(HydrationJob job, const std::vector<std::string>& words,
                         const OrderedPolicy& policy, const ServiceLimits& limits) {
  try {
    const SavedArguments<FuseArguments> arguments(words);
    const FuseHydration hydration(arguments.get());
    if (hydration.has_more_than(limits.cells_per_job))
      throw HttpError(kRefusedOrder, "the area has more than " +
                                         std::to_string(limits.cells_per_job) +
                                         " cells, the most of one job here: give a smaller bbox, "
                                         "or a coarser resolution or zoom");
    return hydration.describe(std::move(job));
  } catch (const Error& error) {
    throw HttpError(status_of_error(error), policy.told(error.what()));
  }
}

bool takes_a_place(const HydrationJob& job) {
  static const std::string here = JobProcess::own().machine;
  return !job.has_ended() && (!job.process || job.process->machine == here);
}

nlohmann::json answer_of(const HydrationJob& job) {
  nlohmann::json answer{{"status", "accepted"},
                        {"message", "Hydration job submitted"},
                        {"job_id", job.id},
                        {"bbox", job.bbox},
                        {"resolution", job.resolution},
                        {"total_cells", job.cells.total},
                        {"timestamp", job.submitted_at},
                        {"ws", "/hydrate/" + job.id + "/ws"},
                        {"events", "/hydrate/" + job.id + "/events"}};
  if (job.zoom) answer["zoom"] = *job.zoom;
  return answer;
}

}  // namespace

HydrateDesk::HydrateDesk(const ServiceSettings& settings, HydrateTools tools)
    : settings_(settings),
      tools_(std::move(tools)),
      root_(root_of(settings)),
      jobs_(jobs_of(root_)) {}

std::string HydrateDesk::lock_folder() const {
  return local_cache_folder(root_) + "/locks";
}

/// The arguments of hydrate fuse.
std::vector<std::string> HydrateDesk::words(const HydrateOrder& order,
                                            const std::string& policy) const {
  const OpenRequest& served = settings_.policy;
  std::vector<std::string> words;
  for (const double edge : order.box)
    words.push_back(shown_number(edge));
  add_words(words, "--policy", absolute_path(policy));
  add_words(words, "--cache-dir", root_);
  add_words(words, "--endpoints", served.endpoints);
  if (served.offline) words.emplace_back("--offline");
  const auto zoom = order.zoom || order.resolution ? order.zoom : served.zoom;
  const auto resolution = order.resolution ? order.resolution : served.resolution;
  if (zoom) {
    add_words(words, "--zoom", std::to_string(*zoom));
    return words;
  }
  if (resolution) add_words(words, "--resolution", shown_number(*resolution));
  add_words(words, "--crs", served.crs.value_or(""));
  return words;
}

void HydrateDesk::require_a_place() const {
  const auto jobs = jobs_.list();
  const auto running = std::count_if(jobs.begin(), jobs.end(), takes_a_place);
  if (running >= settings_.limits.jobs)
    throw HttpError(kTooManyJobs,
                    std::to_string(running) +
                        " hydrations are running, the most at once here: ask "
                        "again when one has ended, or cancel one",
                    kAskAgain);
}

/// One start at a time, whichever process is asked: so the count of jobs holds, and who finds a job
/// without a process under the lock knows that nobody is starting it.
void HydrateDesk::begin(HydrationJob job, const HydrateOrder& order,
                        const std::string& policy) const {
  const KeyLock lock(lock_folder(), kStartLock);
  prune_old(jobs_);
  require_a_place();
  std::vector<std::string> command{tools_.program, "hydrate", "fuse"};
  const auto arguments = words(order, policy);
  command.insert(command.end(), arguments.begin(), arguments.end());
  add_words(command, "--workers", std::to_string(order.workers));
  add_words(command, "--progress", "none");
  add_words(command, "--as-job", job.id);
  jobs_.write(job);
  const std::string failure = start_detached(command);
  const auto begun = jobs_.read(job.id);
  if (begun && (begun->process || begun->has_ended())) return;
  posix_file_system().remove(jobs_.path_of(job.id));
  throw HttpError(kNotBegun, "the job's process cannot be started (" + path_free(failure) +
                                 "): the server's log says more");
}

nlohmann::json HydrateDesk::submit(const HydrateOrder& order) const {
  if (settings_.policy.cache != CacheMode::kReadWrite)
    throw HttpError(kRefusedOrder, "this server's cache is not written: there is nothing to fill");
  HydrationJob job = new_job();
  require_a_place();
  try {
    OrderedPolicy policy(order, settings_, tools_, jobs_.policy_path_of(job.id));
    job = planned_job(std::move(job), words(order, policy.path()), policy, settings_.limits);
    begin(job, order, policy.path());
    policy.keep();
  } catch (const Error& error) {
    throw HttpError(kNotBegun, path_free(error.what()));
  }
  return answer_of(job);
}

nlohmann::json HydrateDesk::list() const {
  nlohmann::json shown = nlohmann::json::array();
  for (const HydrationJob& job : jobs_.list()) {
    if (shown.size() == kMostListed) break;
    shown.push_back(shown_job(job));
  }
  return shown;
}

nlohmann::json HydrateDesk::state(const std::string& id) const {
  const auto job = jobs_.read(id);
  if (!job) throw HttpError(404, "Job not found");
  return shown_job(*job);
}

nlohmann::json HydrateDesk::cells(const std::string& id, std::uint64_t after) const {
  const auto job = jobs_.read(id);
  if (!job) throw HttpError(404, "Job not found");
  try {
    RecordedCells found = recorded_cells(jobs_.cells_path_of(id), after);
    for (nlohmann::json& cell : found.cells)
      if (cell.contains("error")) cell["error"] = path_free(cell["error"].get<std::string>());
    return {{"cells", std::move(found.cells)},
            {"next", found.next},
            {"more", found.more},
            {"status", to_text(job->status)}};
  } catch (const Error& error) {
    throw HttpError(400, "'after' is to be 0 or what 'next' said: " + error.message());
  }
}

nlohmann::json HydrateDesk::cancel(const std::string& id, const EndingPatience& patience) const {
  const auto known = jobs_.read(id);
  if (known && known->has_ended())
    return {{"status", to_text(known->status)}, {"message", "Job is not running"}};
  std::optional<KeyLock> nobody_starts_it;
  if (known && !known->process) nobody_starts_it.emplace(lock_folder(), kStartLock);
  const HydrationJob job = end_job(jobs_, id, patience);
  nlohmann::json answer = shown_job(job);
  answer["job_id"] = id;
  if (job.status != JobStatus::kCancelled) answer["message"] = "Job had ended before it was told";
  return answer;
}

}  // namespace topobathy
