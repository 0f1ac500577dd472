#include "cache/policy_raster.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "fusion/error.h"
#include "fusion/explain.h"
#include "fusion/parallel.h"
#include "fusion/take_inventory.h"

namespace topobathy {
namespace {

/// Sources are looked up for the attribute table without a pixel read only when so few files have
/// to be opened.
constexpr std::size_t kFewSources = 64;

/// A piece of work: what a cell has of a window, or a part of the window that is made by itself.
struct Part {
  CellIndex cell;  ///< that holds its first pixel
  LatticeWindow window;
};

/// Every other row of the lattice is gone through backwards: the tiles used last are the first that
/// the next row asks for, also when a caller reads the raster strip by strip.
void add_row(std::vector<Part> row, bool backwards, std::vector<Part>& parts) {
  if (backwards) std::reverse(row.begin(), row.end());
  parts.insert(parts.end(), row.begin(), row.end());
}

/// The cells a window touches, row by row.
std::vector<Part> parts_by_cell(const Lattice& lattice, const LatticeWindow& window) {
  const CellIndex first = lattice.cell_of(window.col, window.row);
  const CellIndex last = lattice.cell_of(window.right() - 1, window.bottom() - 1);
  std::vector<Part> parts;
  for (CellIndex at = first; at.row <= last.row; ++at.row) {
    std::vector<Part> row;
    for (at.col = first.col; at.col <= last.col; ++at.col)
      row.push_back({at, lattice.cell_window(at).intersect(window)});
    add_row(std::move(row), (at.row & 1) != 0, parts);
  }
  return parts;
}

/// Ends of `count` about equal pieces of [from, to), cut between blocks, which are sampled as one.
std::vector<std::int64_t> cut_evenly(std::int64_t from, std::int64_t to, std::int64_t count) {
  std::vector<std::int64_t> ends;
  for (std::int64_t i = 1; i < count; ++i) {
    const std::int64_t end = floor_div(from + (to - from) * i / count, kBlock) * kBlock;
    if (end > (ends.empty() ? from : ends.back())) ends.push_back(end);
  }
  ends.push_back(to);
  return ends;
}

/// Parts of about a cell's size, wherever cells begin: a strip that two rows of cells share is not
/// cut in two, which would fuse twice the halo. At least two a thread, unless they became tiny.
std::vector<Part> even_parts(const Lattice& lattice, const LatticeWindow& window,
                             std::size_t threads) {
  constexpr std::int64_t kSmallest = 4 * kBlock;
  const std::int64_t cell = lattice.cell_size();
  const std::int64_t rows = std::max<std::int64_t>(1, (window.height + cell / 2) / cell);
  const std::int64_t busy = ceil_div(2 * static_cast<std::int64_t>(threads), rows);
  const std::int64_t columns = std::max(std::max<std::int64_t>(1, (window.width + cell / 2) / cell),
                                        std::min(busy, window.width / kSmallest));
  std::vector<Part> parts;
  std::int64_t top = window.row;
  for (const std::int64_t bottom : cut_evenly(window.row, window.bottom(), rows)) {
    std::vector<Part> row;
    std::int64_t left = window.col;
    for (const std::int64_t right : cut_evenly(window.col, window.right(), columns)) {
      row.push_back(
          {lattice.cell_of(left, top), LatticeWindow::from_edges(left, top, right, bottom)});
      left = right;
    }
    add_row(std::move(row), (floor_div(top, cell) & 1) != 0, parts);
    top = bottom;
  }
  return parts;
}

/// The extent in pixels of a level; whole pixels at every level.
LatticeWindow at_level(const LatticeWindow& extent, int level) {
  const std::int64_t step = std::int64_t{1} << level;
  return {extent.col / step, extent.row / step, extent.width / step, extent.height / step};
}

/// Memory that cells take, with a reserve for those that other readers come with.
std::size_t bytes_of(std::size_t cells, const Lattice& lattice, const BandSelection& bands) {
  const std::size_t planes = 1U + (bands.uncertainty ? 1U : 0U) + (bands.source ? 1U : 0U);
  const auto edge = static_cast<std::size_t>(lattice.cell_size());
  return (cells + cells / 4 + 1) * edge * edge * planes * sizeof(float);
}

BandSelection either(const BandSelection& a, const BandSelection& b) noexcept {
  return {a.elevation || b.elevation, a.uncertainty || b.uncertainty, a.source || b.source};
}

bool any(const BandSelection& bands) noexcept {
  return bands.elevation || bands.uncertainty || bands.source;
}

bool has_all(const BandSelection& bands, const BandSelection& wanted) noexcept {
  return (bands.elevation || !wanted.elevation) && (bands.uncertainty || !wanted.uncertainty) &&
         (bands.source || !wanted.source);
}

}  // namespace

PolicyRaster::PolicyRaster(std::shared_ptr<SharedPolicy> shared, ToLonLat to_lonlat, int threads)
    : shared_(std::move(shared)),
      to_lonlat_(std::move(to_lonlat)),
      threads_(threads > 0 ? static_cast<std::size_t>(threads) : processor_count()) {}

void PolicyRaster::begin() {
  // The plan may come from an earlier dataset: this one must not show sources as they were then.
  std::call_once(begun_, [this] { shared_->cells->revalidate(); });
}

void PolicyRaster::remember(const FusedCell& cell) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& [id, record] : cell.sources)
    seen_.insert(id);
}

/// What a read tells of those to come.
struct PolicyRaster::Expected {
  BandSelection bands;  ///< worth fusing together
  bool last = false;    ///< no other band of this window will be asked for
  bool first = false;   ///< nothing was read before
};

/// Some readers ask one band after the other of each window (a VRT of bands 1 and 3, QGIS). Without
/// a store each would fuse the window anew: a window is fused with the bands that were asked of the
/// window before.
PolicyRaster::Expected PolicyRaster::expect(int level, const LatticeWindow& window,
                                            const BandSelection& bands) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (level != turn_.level || window != turn_.window)
    turn_ = {level, window, {false, false, false}, turn_.asked};
  turn_.asked = either(turn_.asked, bands);
  return {either(turn_.asked_before, turn_.asked),
          any(turn_.asked_before) && has_all(turn_.asked, turn_.asked_before),
          !any(turn_.asked_before)};
}

void PolicyRaster::read_parts(int level, const LatticeWindow& window, const BandSelection& bands,
                              const PartSink& sink, const Progress& progress) {
  if (window.empty()) return;
  begin();
  Expected expected = expect(level, window, bands);
  const Lattice lattice = shared_->lattice.at_level(level);
  const LatticeWindow extent = at_level(shared_->extent, level);
  // The reads after a thin one ask for other lines of the same cells.
  const bool thin = window.height < lattice.cell_size() || window.width < lattice.cell_size();
  const LatticeWindow around = thin && extent.contains(window) ? extent : window;
  const bool alone = !thin && shared_->cells->makes_parts();
  // The first strip of a raster: copying tools ask for its other bands next. If not, the second
  // strip will know.
  if (alone && expected.first && !window.contains(extent)) expected.bands.source = true;
  const std::vector<Part> parts =
      alone ? even_parts(lattice, window, threads_) : parts_by_cell(lattice, window);
  const bool all = shared_->cells->reads_all();
  if (thin)
    cell_memory().reserve(bytes_of(parts.size(), lattice, all ? BandSelection{} : expected.bands));
  const auto reader = std::this_thread::get_id();
  std::atomic<std::size_t> done{0};
  parallel_for(parts.size(), threads_, [&](std::size_t i) {
    const Part& part = parts[i];
    const CellUse use{part.window, around, expected.last && !thin, alone};
    const CellPointer cell =
        shared_->cells->cell(lattice, part.cell, use, expected.bands, &counters_);
    if (bands.source) remember(*cell);
    sink(*cell, part.window);
    const auto share = static_cast<double>(++done) / static_cast<double>(parts.size());
    if (progress && std::this_thread::get_id() == reader && !progress(share))
      throw Error(ErrorCode::kCancelled, "reading was cancelled");
  });
}

Coverage PolicyRaster::coverage(int level, const LatticeWindow& window) {
  const FusePlan& plan = shared_->cells->plan();
  if (plan.background) return Coverage::kFull;
  begin();
  const Lattice lattice = shared_->lattice.at_level(level);
  // From the top: what lies under a step that covers is not asked.
  const bool any =
      std::any_of(plan.steps.rbegin(), plan.steps.rend(), [&](const PlannedStep& step) {
        const Halo halo = step.gap > 0 ? step_halo(step, lattice, window) : Halo{};
        const LatticeWindow near = window.grow(halo.columns, halo.rows);
        if (step.zone && step.zone->classify(lattice, window) == ZoneMask::Cover::kOutside)
          return false;
        return step.background.has_value() || step.source->may_cover(lattice, near);
      });
  return any ? Coverage::kPartial : Coverage::kEmpty;
}

/// From an overview pixel to the pixel of the finest level it was taken from, by the rule of
/// shoalest_of(): the highest of four, the first in row order among equals.
void PolicyRaster::descend_to_shoalest(int& level, std::int64_t& col, std::int64_t& row) {
  for (; level > 0; --level) {
    LayerPlanes four;
    read(level - 1, {2 * col, 2 * row, 2, 2}, {true, false, false}, four, nullptr);
    std::int64_t best = 0;
    for (const std::int64_t k : {1, 2, 3}) {
      const float here = four.elevation.at(k % 2, k / 2);
      if (here == here && !(four.elevation.at(best % 2, best / 2) >= here)) best = k;
    }
    col = 2 * col + best % 2;
    row = 2 * row + best / 2;
  }
}

PixelExplanation PolicyRaster::explain(int level, std::int64_t col, std::int64_t row) {
  begin();
  if (shared_->policy.overview == OverviewRule::kShoalest) descend_to_shoalest(level, col, row);
  const Lattice lattice = shared_->lattice.at_level(level);
  PixelExplanation answer = topobathy::explain(shared_->cells->plan(), lattice, col, row);
  const LonLat at = to_lonlat_(lattice.centre_x(col), lattice.centre_y(row));
  answer.lon = at.lon;
  answer.lat = at.lat;
  return answer;
}

HydratedCell PolicyRaster::hydrate(int level, CellIndex cell) {
  begin();
  return shared_->cells->hydrate(shared_->lattice.at_level(level), cell, &counters_);
}

StoredCells PolicyRaster::stored(int level, const std::vector<CellIndex>& cells) {
  begin();
  return shared_->cells->stored_cells(shared_->lattice.at_level(level), cells);
}

Inventory PolicyRaster::inventory(int level, const std::vector<CellIndex>& cells) {
  begin();
  const Lattice lattice = shared_->lattice.at_level(level);
  Inventory inventory = take_inventory(shared_->cells->plan(), lattice, cells);
  std::vector<bool> silent;
  for (const LayerInventory& step : inventory.steps)
    silent.push_back(!step.listed);
  inventory.cells = shared_->cells->count_stored(lattice, cells, silent);
  return inventory;
}

std::vector<std::pair<SourceId, SourceRecord>> PolicyRaster::sources() {
  const FusePlan& plan = shared_->cells->plan();
  std::size_t named = 0;
  for (const PlannedStep& step : plan.steps)
    named += std::min(step.source->named_sources(), kFewSources + 1);
  std::set<SourceId> ids;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ids = seen_;
  }
  if (plan.background) ids.insert(kBackgroundSource);
  for (const PlannedStep& step : plan.steps) {
    try {
      const auto known = step.source->source_ids(named <= kFewSources);
      ids.insert(known.begin(), known.end());
    } catch (const Error&) {
      // A table of names is not the place to fail: the first pixel read tells what is wrong.
    }
  }
  std::vector<std::pair<SourceId, SourceRecord>> rows;
  for (const SourceId id : ids) {
    const auto record = id == kBackgroundSource ? background_record() : plan.ids->find(id);
    if (record) rows.emplace_back(id, *record);
  }
  return rows;
}

std::vector<int> PolicyRaster::steps_of(
    const std::vector<std::pair<SourceId, SourceRecord>>& sources) {
  const auto& steps = shared_->cells->plan().steps;
  std::vector<int> places(sources.size(), -1);
  std::vector<std::set<SourceId>> read(steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto ids = steps[i].source->source_ids(false);
    read[i] = {ids.begin(), ids.end()};
  }
  for (std::size_t k = 0; k < sources.size(); ++k) {
    const auto& [id, record] = sources[k];
    const auto topmost = [&](const auto& shows) {
      for (std::size_t i = steps.size(); i-- > 0 && places[k] < 0;)
        if (shows(i)) places[k] = static_cast<int>(i);
    };
    if (record.whole_step) {
      topmost([&](std::size_t i) { return record.key == steps[i].record.key; });
      continue;
    }
    topmost([&](std::size_t i) { return read[i].count(id) > 0; });
    topmost([&](std::size_t i) { return record.provider == steps[i].provider; });
  }
  return places;
}

std::optional<std::string> PolicyRaster::revisions_now(int level, const LatticeWindow& fused,
                                                       const std::string& seen) {
  begin();
  return shared_->cells->revisions_now(shared_->lattice.at_level(level), fused, seen);
}

void PolicyRaster::refresh() {
  cell_memory().clear();
  shared_->cells->revalidate();
}

}  // namespace topobathy
