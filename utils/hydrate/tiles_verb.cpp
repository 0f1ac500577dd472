#include "fusion/error.h"
#include "utils/byte_text.h"
#include "utils/exit_status.h"
#include "utils/hydrate/hydrate_verb.h"
#include "utils/hydrate/known_job.h"
#include "utils/hydrate/run_options.h"
#include "utils/hydrate/tile_arguments.h"
#include "utils/hydrate/tile_hydration.h"
#include "utils/json_values.h"
#include "utils/remote/tiles_on_server.h"

namespace topobathy {
namespace {

/// Of a server by default: browsers ask for six.
constexpr std::size_t kRequestsAtOnce = 4;

class TilesVerb final : public HydrateVerb {
 public:
  const char* name() const override { return "tiles"; }
  const char* summary() const override { return "Draw the web tiles of an area into tier 1"; }
  void declare(CLI::App& arguments) override;
  int run(std::ostream& out) override;

 private:
  int resume(std::ostream& out);
  int on_server(std::ostream& out) const;
  int dry_run(const TileHydration& hydration, std::ostream& out) const;

  TileArguments arguments_;
  RunOptions options_;
  ServerArguments server_;
  std::string resume_;
  bool dry_run_ = false, json_ = false;
};

void TilesVerb::declare(CLI::App& arguments) {
  arguments_.declare(arguments);
  options_.declare(arguments);
  server_.declare(arguments, false);
  arguments.add_option("--resume", resume_, "Go on with a job: what it was to do is known")
      ->type_name("ID");
  arguments.add_flag("--dry-run", dry_run_, "Say how many tiles it would draw, and their bytes");
  arguments.add_flag("--json", json_, "The answer of --dry-run as JSON");
}

/// {"13": 24} of the zooms that have tiles.
nlohmann::ordered_json zooms_json(const std::vector<std::int64_t>& by_zoom) {
  nlohmann::ordered_json counts = nlohmann::ordered_json::object();
  for (std::size_t zoom = 0; zoom < by_zoom.size(); ++zoom)
    if (by_zoom[zoom] > 0) counts[std::to_string(zoom)] = by_zoom[zoom];
  return counts;
}

int TilesVerb::dry_run(const TileHydration& hydration, std::ostream& out) const {
  const TileHydration::Estimate estimate = hydration.estimate();
  const nlohmann::ordered_json by_zoom = zooms_json(estimate.by_zoom);
  const std::int64_t to_make = estimate.tiles - estimate.cached;
  if (json_) {
    out << json_text({{"format", kJsonFormat},
                      {"tiles", estimate.tiles},
                      {"cached", estimate.cached},
                      {"to_make", to_make},
                      {"tiles_by_zoom", by_zoom},
                      {"bytes", estimate.bytes},
                      {"cache", hydration.cache_root()}})
        << '\n';
    return kExitOk;
  }
  out << estimate.tiles << " tiles, " << estimate.cached << " of them cached; " << to_make
      << " to draw, at most about " << byte_text(estimate.bytes) << '\n';
  for (const auto& [zoom, count] : by_zoom.items())
    if (by_zoom.size() > 1) out << "zoom " << zoom << ": " << count << " tiles\n";
  return kExitOk;
}

int TilesVerb::resume(std::ostream& out) {
  if (arguments_.given())
    throw Error(ErrorCode::kUsage, "--resume knows policy and area: leave them out");
  const HydrationJobs jobs = jobs_of(arguments_.cache_root());
  HydrationJob job = resumable_job(jobs, resume_, name());
  const SavedArguments<TileArguments> saved(saved_words(job));
  const TileHydration hydration(saved.get());
  return dry_run_ ? dry_run(hydration, out) : hydration.run(options_, std::move(job));
}

int TilesVerb::on_server(std::ostream& out) const {
  if (arguments_.has_policy())
    throw Error(ErrorCode::kUsage, "--policy has no meaning with --url: the server draws its own");
  server_.require_only({"box", "aoi", "tile-list", "shard", "priority", "zoom", "style", "format",
                        "tile-size", "vmin", "vmax", "workers", "max-failures", "progress"});
  arguments_.check();
  return tiles_on_server(server_, arguments_,
                         {options_.given_workers().value_or(kRequestsAtOnce),
                          options_.max_failures(), options_.progress()},
                         out);
}

int TilesVerb::run(std::ostream& out) {
  if (server_.given()) return on_server(out);
  server_.require_none();
  if (!resume_.empty()) return resume(out);
  arguments_.check_policy();
  arguments_.check();
  const TileHydration hydration(arguments_);
  if (dry_run_) return dry_run(hydration, out);
  prune_old(jobs_of(hydration.cache_root()));
  return hydration.run(options_, new_job());
}

}  // namespace

std::unique_ptr<HydrateVerb> make_tiles_verb() {
  return std::make_unique<TilesVerb>();
}

}  // namespace topobathy
