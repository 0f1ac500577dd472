#include "utils/hydrate/fuse_hydration.h"

#include <algorithm>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "fusion/error.h"
#include "providers/align/transformer.h"
#include "providers/analyze.h"
#include "utils/hydrate/cell_record.h"
#include "utils/hydrate/hydration_run.h"
#include "utils/hydrate/known_job.h"
#include "utils/hydrate/own_program.h"
#include "utils/hydrate/worker_greeting.h"

namespace topobathy {
namespace {

/// Cells looked for at once: what is remembered of them meanwhile is bounded.
constexpr std::size_t kLookedForAtOnce = 4096;
/// Of a cell's planes, in its file: 10.7 of 30.4 MB for the coast of the benchmark at 30 m.
constexpr double kPacked = 0.35;
constexpr std::int64_t kBytesAPixel = 12;

std::int64_t mean_cell_bytes(const StoredCells& stored, const Lattice& lattice) {
  if (stored.count > 0) return stored.bytes / stored.count;
  const auto pixels = static_cast<double>(lattice.cell_size()) * lattice.cell_size();
  return static_cast<std::int64_t>(pixels * kBytesAPixel * kPacked);
}

/// The ground a cell covers, for people.
std::string place_of(const Lattice& lattice, CellIndex cell) {
  const LatticeWindow window = lattice.cell_window(cell);
  const CrsBox box{lattice.x(window.col), lattice.y(window.bottom()), lattice.x(window.right()),
                   lattice.y(window.row)};
  const auto image = Transformer(lattice.crs(), "EPSG:4326").transform_box(box);
  if (!image) return "";
  char text[120];
  std::snprintf(text, sizeof text, " at %.4f %.4f %.4f %.4f", image->left, image->bottom,
                image->right, image->top);
  return text;
}

}  // namespace

FuseHydration::FuseHydration(const FuseArguments& arguments)
    : arguments_(arguments),
      area_(arguments.area()),
      request_(arguments.request(area_.bounds)),
      root_(arguments.cache_root()),
      raster_(open_for_analysis(request_)),
      areas_(planned_areas(*raster_, area_, arguments.levels(*raster_))) {}

std::string FuseHydration::where(const std::string& unit) const {
  const PlannedCell planned = cell_of_line(unit).value();
  const Lattice lattice = raster_->lattice().at_level(planned.level);
  return "level " + std::to_string(planned.level) + " cell " + std::to_string(planned.cell.col) +
         ',' + std::to_string(planned.cell.row) + place_of(lattice, planned.cell);
}

std::vector<std::string> FuseHydration::worker_command(const RunOptions& options) const {
  std::vector<std::string> command{own_program(), kWorkerCommand, "--memory",
                                   std::to_string(options.memory())};
  const bool own_extent = raster_->policy().extent.has_value();
  const auto words = arguments_.worker_words(area_.bounds, !own_extent);
  command.insert(command.end(), words.begin(), words.end());
  return command;
}

bool FuseHydration::has_more_than(std::uint64_t cells) const {
  CellPlan cells_left = plan();
  for (std::uint64_t seen = 0; seen <= cells; ++seen)
    if (!cells_left.next()) return false;
  return true;
}

/// Metres: of the policy, else of a pixel in the middle of the area.
double FuseHydration::resolution() const {
  const LatticeWindow& window = areas_.front().window;
  const double pixel = raster_->lattice().ground_pixel(window.row + window.height / 2).height;
  return raster_->policy().resolution.value_or(pixel);
}

HydrationJob FuseHydration::describe(HydrationJob job) const {
  job.bbox = {area_.bounds.west, area_.bounds.south, area_.bounds.east, area_.bounds.north};
  job.resolution = resolution();
  job.zoom = arguments_.zoom();
  job.cells = {};
  job.cells.total = plan().count();
  job.request = nlohmann::json{{"kind", "fuse"}, {"arguments", arguments_.words()}}.dump();
  return job;
}

int FuseHydration::run(const RunOptions& options, HydrationJob job, bool recorded) const {
  const auto progress = make_progress(options.progress(), "cells");
  const HydrationJobs jobs = jobs_of(root_);
  std::optional<CellRecord> record;
  if (recorded) record.emplace(jobs.cells_path_of(job.id), raster_->lattice());
  HydrationRun::Setup setup{describe(std::move(job)), jobs, {}, {}, {}, {}, {}};
  CellPlan cells = plan();
  setup.pool.command = worker_command(options);
  setup.pool.workers = options.workers();
  setup.pool.memory = options.memory();
  setup.pool.greeting = worker_greeting(*raster_);
  setup.next = [&cells]() -> std::optional<std::string> {
    const auto cell = cells.next();
    if (!cell) return std::nullopt;
    return unit_line(*cell);
  };
  setup.where = [this](const std::string& unit) { return where(unit); };
  setup.max_failures = options.max_failures();
  if (record)
    setup.each = [&record](const auto& unit, const auto& result) { record->add(unit, result); };
  return HydrationRun(std::move(setup), *progress).run();
}

FuseHydration::Estimate FuseHydration::estimate() const {
  Estimate estimate;
  StoredCells stored;
  CellPlan cells = plan();
  std::vector<CellIndex> batch;
  int level = 0;
  const auto look = [&] {
    const StoredCells found = raster_->stored(level, batch);
    stored.count += found.count;
    stored.bytes += found.bytes;
    batch.clear();
  };
  estimate.by_level.assign(static_cast<std::size_t>(arguments_.levels(*raster_)), 0);
  while (const auto planned = cells.next()) {
    if (!batch.empty() && (planned->level != level || batch.size() == kLookedForAtOnce)) look();
    level = planned->level;
    batch.push_back(planned->cell);
    ++estimate.cells;
    ++estimate.by_level.at(static_cast<std::size_t>(level));
  }
  if (!batch.empty()) look();
  estimate.cached = stored.count;
  estimate.bytes = (estimate.cells - stored.count) * mean_cell_bytes(stored, raster_->lattice());
  return estimate;
}

}  // namespace topobathy
