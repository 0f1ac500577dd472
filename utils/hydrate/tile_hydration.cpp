#include "utils/hydrate/tile_hydration.h"

#include <cmath>
#include <filesystem>
#include <numeric>

#include <nlohmann/json.hpp>

#include "fusion/error.h"
#include "utils/hydrate/hydration_run.h"
#include "utils/hydrate/known_job.h"
#include "utils/hydrate/own_program.h"
#include "utils/hydrate/unit_result.h"
#include "utils/hydrate/worker_greeting.h"
#include "utils/tiles/tile_maker.h"

namespace topobathy {
namespace {

/// Of a pixel of a tile with its companions, where no tile is there to measure: charts of coasts
/// take less.
constexpr std::int64_t kBytesAPixel = 2;
/// Metres of a pixel of zoom 0 on the equator.
constexpr double kWidestPixel = 156543.03392804097;
constexpr double kDegree = M_PI / 180.0;

TileMaker make_maker(const OpenRequest& policy) {
  TileMaker::Setup setup;
  setup.policy = policy;
  return TileMaker(std::move(setup));
}

/// Bytes of the tile's file where there is one.
std::optional<std::int64_t> stored_bytes(const std::string& path) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  if (failed) return std::nullopt;
  return static_cast<std::int64_t>(size);
}

}  // namespace

std::string text_of(const PlannedTile& tile) {
  const TileAddress& at = tile.address;
  std::string text = "tile " + std::to_string(at.z) + '/' + std::to_string(at.x) + '/' +
                     std::to_string(at.y) + ' ' + to_text(tile.look.format);
  TileRequest request;
  request.format = tile.look.format;
  if (request.is_picture()) text += std::string(" ") + to_text(tile.look.style);
  return text;
}

TileHydration::TileHydration(const TileArguments& arguments)
    : arguments_(arguments),
      root_(arguments.cache_root()),
      greeting_(worker_greeting(*make_maker(arguments.open()).raster(arguments.pixel_zoom()))),
      by_zoom_(arguments.plan().count_by_zoom()) {}

std::vector<std::string> TileHydration::worker_command(const RunOptions& options) const {
  std::vector<std::string> command{own_program(), kWorkerCommand,
                                   "--kind",      kTilesKind,
                                   "--memory",    std::to_string(options.memory()),
                                   "--zoom",      std::to_string(arguments_.pixel_zoom())};
  const auto words = arguments_.worker_words();
  command.insert(command.end(), words.begin(), words.end());
  return command;
}

int TileHydration::run(const RunOptions& options, HydrationJob job) const {
  TilePlan plan = arguments_.plan();
  const LonLatBox bounds = arguments_.bounds();
  job.bbox = {bounds.west, bounds.south, bounds.east, bounds.north};
  job.zoom = arguments_.zooms().last;
  job.resolution = kWidestPixel * std::cos((bounds.south + bounds.north) / 2.0 * kDegree) /
                   std::exp2(arguments_.pixel_zoom());
  job.cells = {};
  job.cells.total = std::accumulate(by_zoom_.begin(), by_zoom_.end(), std::int64_t{0});
  job.request = nlohmann::json{{"kind", "tiles"}, {"arguments", arguments_.words()}}.dump();

  const auto progress = make_progress(options.progress(), "tiles");
  HydrationRun::Setup setup{std::move(job), jobs_of(root_), {}, {}, {}, {}, {}};
  setup.pool.command = worker_command(options);
  setup.pool.workers = options.workers();
  setup.pool.memory = options.memory();
  setup.pool.greeting = greeting_;
  setup.next = [&plan]() -> std::optional<std::string> {
    const auto tile = plan.next();
    if (!tile) return std::nullopt;
    return unit_line(*tile);
  };
  setup.where = [](const std::string& unit) { return text_of(tile_of_line(unit).value()); };
  setup.max_failures = options.max_failures();
  return HydrationRun(std::move(setup), *progress).run();
}

TileHydration::Estimate TileHydration::estimate() const {
  OpenRequest policy = arguments_.open();
  policy.cache = CacheMode::kReadOnly;
  TileMaker maker = make_maker(policy);
  Estimate estimate;
  estimate.by_zoom = by_zoom_;
  std::int64_t stored = 0;
  TilePlan plan = arguments_.plan();
  while (const auto tile = plan.next()) {
    ++estimate.tiles;
    const TileRequest request = arguments_.request(*tile);
    const auto bytes = stored_bytes(maker.store().path_of(maker.key_of(request)));
    if (!bytes) continue;
    ++estimate.cached;
    stored += *bytes;
  }
  const std::int64_t side = arguments_.request({}).tile_size;
  const std::int64_t mean =
      estimate.cached > 0 ? stored / estimate.cached : side * side * kBytesAPixel;
  estimate.bytes = mean * (estimate.tiles - estimate.cached);
  return estimate;
}

}  // namespace topobathy
