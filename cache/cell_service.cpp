#include "cache/cell_service.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "cache/cell_codec.h"
#include "cache/policy_copy.h"
#include "cache/remap_sources.h"
#include "fusion/shoalest.h"
#include "fusion/step_revisions.h"

namespace topobathy {
namespace {

/// Decoded cells kept by a process: a 500 x 500 cell is 3 MB. Readers of wide rasters reserve more.
constexpr std::size_t kMemoryBytes = std::size_t{32} << 20;
/// Names remembered by a service, some hundred bytes each.
constexpr std::size_t kRememberedNames = 20000;

std::string lock_directory(const CellService::Setup& setup) {
  return setup.mode == CacheMode::kReadWrite ? setup.root + "/locks" : std::string();
}

/// Cells in memory carry the ids of the registry they were fused with, and one that was fused for a
/// cache is in that cache: services with another registry or cache do not share them. Without a
/// cache every service has a registry of its own.
std::string memory_space(const CellService::Setup& setup) {
  static std::atomic<std::uint64_t> services{0};
  switch (setup.mode) {
    case CacheMode::kReadWrite:
      return "w:" + setup.root + '\n';
    case CacheMode::kReadOnly:
      return "r:" + setup.root + '\n';
    case CacheMode::kOff:
      break;
  }
  return std::to_string(++services) + '\n';
}

bool has_planes(const FusedCell& cell, const BandSelection& bands) {
  return (!bands.elevation || !cell.elevation.empty()) &&
         (!bands.uncertainty || !cell.uncertainty.empty()) &&
         (!bands.source || !cell.source.empty());
}

/// Whether the cell was made with a look at one of the marked steps.
bool shows_any(const FusedCell& cell, const std::vector<bool>& marked) {
  for (std::size_t i = 0; i < std::min(cell.revisions.size(), marked.size()); ++i)
    if (marked[i] && cell.revisions[i]) return true;
  return false;
}

}  // namespace

CellMemory& cell_memory() {
  static CellMemory memory(kMemoryBytes);
  return memory;
}

CellService::CellService(Setup setup)
    : setup_(std::move(setup)),
      memory_space_(memory_space(setup_)),
      store_(setup_.objects, setup_.root, setup_.mode == CacheMode::kReadWrite),
      flight_(lock_directory(setup_)),
      current_(setup_.plan) {}

CellService::~CellService() = default;

bool CellService::makes_parts() const noexcept {
  return setup_.mode == CacheMode::kOff && setup_.overview != OverviewRule::kShoalest;
}

CellService::NamedPointer CellService::name_of(const Lattice& lattice, CellIndex index,
                                               const LatticeWindow& part) {
  const auto id = std::make_tuple(lattice.level(), part.col, part.row, part.width, part.height);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (const auto known = names_.find(id); known != names_.end()) return known->second;
  }
  Named named{{setup_.policy_hash, setup_.scope, lattice, index}, part, {}, {}};
  named.name = named.key.path_hash();
  if (part != lattice.cell_window(index))  // must not be taken for the whole by another reader
    named.name += ' ' + std::to_string(part.col) + ',' + std::to_string(part.row) + ',' +
                  std::to_string(part.width) + ',' + std::to_string(part.height);
  named.in_memory = memory_space_ + named.name;
  auto shared = std::make_shared<const Named>(std::move(named));
  const std::lock_guard<std::mutex> lock(mutex_);
  if (names_.size() >= kRememberedNames) names_.clear();
  return names_[id] = std::move(shared);
}

CellPointer CellService::recall(const Named& named, const BandSelection& bands) {
  CellPointer known = cell_memory().find(named.in_memory);
  if (!known || !has_planes(*known, bands)) return nullptr;
  if (current_.held(named.key.lattice, known)) return known;
  // Another service has made it, or the sources have looked at themselves since.
  if (!has_ids_of(*known, *setup_.plan->ids)) return nullptr;
  return current_.hold(named.key.lattice, known) ? known : nullptr;
}

/// The pixels are right without the cache; only time is lost. Said once: a full disk would say it
/// for every cell.
void CellService::tell_trouble(const Error& error) {
  if (store_.is_first_trouble() && setup_.warn) setup_.warn(error.what());
}

std::optional<CellStore::Described> CellService::described(const CellKey& key) {
  try {
    return store_.describe(key);
  } catch (const Error& error) {
    tell_trouble(error);
    return std::nullopt;
  }
}

CellPointer CellService::stored(const Named& named, const BandSelection& bands,
                                Counters* counters) {
  if (setup_.mode == CacheMode::kOff) return nullptr;
  std::optional<FusedCell> read;
  try {
    read = store_.read(named.key, reads_all() ? BandSelection{} : bands, named.part);
  } catch (const Error& error) {
    tell_trouble(error);
  }
  if (!read) return nullptr;
  const auto cell = std::make_shared<FusedCell>(std::move(*read));
  if (!current_.hold(named.key.lattice, cell)) return nullptr;
  if (bands.source || reads_all()) remap_sources(*cell, *setup_.plan->ids);
  if (counters) ++counters->cells_from_cache;
  cell_memory().insert(named.in_memory, cell);
  return cell;
}

/// \returns why the cell is not on disk now, "" if it is
std::string CellService::store(const CellKey& key, const FusedCell& cell) {
  if (setup_.mode != CacheMode::kReadWrite || !cell.complete()) return "it is not to be stored";
  try {
    store_.write(key, cell, setup_.crs_wkt);
    was_put(key.path_hash(), true);
    std::call_once(policy_kept_, [this] { keep_policy(); });
    return {};
  } catch (const Error& error) {
    tell_trouble(error);
    return error.what();
  }
}

/// Not on opening, which writes nothing: the first cell that is stored brings it.
void CellService::keep_policy() {
  if (setup_.policy_text.empty()) return;
  const bool is_new = keep_policy_copy(posix_file_system(), setup_.root, setup_.policy_name,
                                       setup_.policy_hash, setup_.policy_text);
  if (is_new && setup_.objects)
    setup_.objects->put(policy_copy_path(setup_.policy_name, setup_.policy_hash),
                        Bytes(setup_.policy_text.begin(), setup_.policy_text.end()));
}

/// Notes of a cell that is hydrated that it was put. \returns whether that is so
bool CellService::was_put(const std::string& name, bool now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto awaited = awaited_.find(name);
  return awaited != awaited_.end() && (awaited->second |= now);
}

/// From memory, all of it or the part, else the part from the store.
CellPointer CellService::find(const Named& whole, const Named& part, const BandSelection& bands,
                              Counters* counters) {
  if (auto known = recall(whole, bands)) return known;
  if (&part != &whole)
    if (auto known = recall(part, bands)) return known;
  return stored(part, bands, counters);
}

CellPointer CellService::make(const Named& named, bool keep, const BandSelection& bands,
                              Counters* counters) {
  const Lattice& lattice = named.key.lattice;
  BandSelection wanted = setup_.mode == CacheMode::kReadWrite ? BandSelection{} : bands;
  wanted.elevation = true;  // the others are chosen by it
  const bool reduce = setup_.overview == OverviewRule::kShoalest && lattice.level() > 0;
  CellPointer cell = std::make_shared<const FusedCell>(
      reduce ? shoalest(lattice, named.key.cell, wanted, counters)
             : fuse(*setup_.plan, lattice, named.part, wanted, counters));
  tell_losses(*cell);
  // An incomplete cell is told once and tried again by the next reader; so is one whose sources
  // changed under it, which is of no revision at all.
  if (!keep || !cell->complete() || !current_.hold_still(lattice, cell)) return cell;
  store(named.key, *cell);
  cell_memory().insert(named.in_memory, cell);
  return cell;
}

/// Nobody sees from pixels that a step is missing; each step's first failure is told.
void CellService::tell_losses(const FusedCell& cell) {
  if (cell.complete() || !setup_.warn) return;
  for (const StepOutcome& outcome : cell.outcomes) {
    if (outcome.status != StepOutcome::Status::kFailed) continue;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!told_steps_.insert(outcome.step).second) continue;
    }
    setup_.warn("step '" + outcome.step +
                "' is left out where it cannot be read (on_error: skip), and those cells are "
                "incomplete: " +
                outcome.message);
  }
}

FusedCell CellService::shoalest(const Lattice& lattice, CellIndex index, const BandSelection& bands,
                                Counters* counters) {
  const Lattice finer = lattice.at_level(lattice.level() - 1);
  std::array<CellPointer, 4> quarters;
  for (std::size_t k = 0; k < quarters.size(); ++k) {
    const CellIndex quarter{2 * index.col + static_cast<std::int64_t>(k % 2),
                            2 * index.row + static_cast<std::int64_t>(k / 2)};
    const LatticeWindow whole = finer.cell_window(quarter);
    quarters[k] = cell(finer, quarter, {whole, whole, false}, bands, counters);
  }
  FusedCell made = shoalest_of(quarters, lattice.cell_window(index));
  made.revisions = revisions_above(quarters, lattice, index);
  return made;
}

/// The revisions of a cell made from four: of every step that one of them saw. They are asked after
/// the four were made; if by then one of these no longer holds there are none, and the cell is not
/// kept.
std::vector<StepRevisions> CellService::revisions_above(const std::array<CellPointer, 4>& quarters,
                                                        const Lattice& lattice, CellIndex index) {
  const auto& steps = setup_.plan->steps;
  std::vector<StepRevisions> revisions(steps.size());
  for (std::size_t i = steps.size(); i-- > 0;)
    if (std::any_of(quarters.begin(), quarters.end(), [i](const CellPointer& quarter) {
          return quarter->revisions.size() > i && quarter->revisions[i];
        }))
      revisions[i] = step_revisions(steps[i], lattice, lattice.cell_window(index));
  const Lattice finer = lattice.at_level(lattice.level() - 1);
  const bool hold = std::all_of(quarters.begin(), quarters.end(), [&](const CellPointer& quarter) {
    return current_.hold_still(finer, quarter);
  });
  return hold ? revisions : std::vector<StepRevisions>();
}

void CellService::describe_steps() {
  // Not on opening, which makes nothing; a step may have been renamed since it got its id.
  std::call_once(described_, [this] {
    for (const PlannedStep& step : setup_.plan->steps)
      setup_.plan->ids->refresh(step.record);
  });
}

CellPointer CellService::cell(const Lattice& lattice, CellIndex index, const CellUse& use,
                              const BandSelection& bands, Counters* counters) {
  describe_steps();
  const LatticeWindow window = lattice.cell_window(index);
  const LatticeWindow part_made = use.alone ? use.read : window.intersect(use.around);
  const NamedPointer made = name_of(lattice, index, makes_parts() ? part_made : window);
  const LatticeWindow part = readable_part(window, use.read);
  const bool whole = makes_parts() || reads_all() || part == window;
  const NamedPointer read = whole ? made : name_of(lattice, index, part);
  const bool keep = !(use.last && makes_parts());
  if (auto known = find(*made, *read, bands, counters)) {
    if (!keep) cell_memory().drop(made->in_memory);
    return known;
  }
  bool made_here = false;
  return make_once(*made, keep, bands, counters, made_here);
}

/// Of a cell that the store did not have just now.
CellPointer CellService::make_once(const Named& named, bool keep, const BandSelection& bands,
                                   Counters* counters, bool& made_here) {
  // Readers of other bands must not be handed a cell without them: they fly apart.
  const std::string flight = named.name + (bands.elevation ? "e" : "") +
                             (bands.uncertainty ? "u" : "") + (bands.source ? "s" : "");
  for (;;) {
    bool looked = false;
    CellPointer cell = flight_.run(
        flight,
        [&] {
          // A look at an object store takes as long as a request: again only under the lock.
          const bool again = std::exchange(looked, true);
          return again ? find(named, named, bands, counters) : recall(named, bands);
        },
        [&] {
          made_here = true;
          return make(named, keep, bands, counters);
        });
    // Another thread may have begun its cell before a change that this one must show.
    if (made_here || current_.hold(named.key.lattice, cell)) return cell;
  }
}

bool CellService::holds(const CellKey& key, const std::optional<CellStore::Described>& stored) {
  return stored && current_.hold(key.lattice, std::make_shared<const FusedCell>(stored->cell));
}

void CellService::require_written_cache() const {
  if (setup_.mode != CacheMode::kReadWrite)
    throw Error(ErrorCode::kUsage,
                "cells cannot be kept without a cache that is written: open "
                "with CACHE=READ_WRITE");
}

StoredCells CellService::stored_cells(const Lattice& lattice, const std::vector<CellIndex>& cells) {
  require_written_cache();
  StoredCells stored;
  for (const CellIndex index : cells) {
    const CellKey key{setup_.policy_hash, setup_.scope, lattice, index};
    const auto found = described(key);
    if (!holds(key, found)) continue;
    ++stored.count;
    stored.bytes += static_cast<std::int64_t>(found->bytes);
  }
  return stored;
}

HydratedCell CellService::hydrate(const Lattice& lattice, CellIndex index, Counters* counters) {
  require_written_cache();
  const CellKey key{setup_.policy_hash, setup_.scope, lattice, index};
  if (holds(key, described(key))) return {};
  const std::string name = key.path_hash();
  const auto await = [&](bool begin) {
    const std::lock_guard<std::mutex> lock(mutex_);
    awaited_.erase(name);
    if (begin) awaited_.emplace(name, false);
  };
  await(true);
  try {
    HydratedCell hydrated = make_stored(key, counters);
    await(false);
    return hydrated;
  } catch (const Error& error) {
    await(false);
    if (error.code() == ErrorCode::kCancelled) throw;
    return {HydratedCell::Outcome::kFailed, error.step(), error.what()};
  }
}

HydratedCell CellService::make_stored(const CellKey& key, Counters* counters) {
  const LatticeWindow whole = key.lattice.cell_window(key.cell);
  describe_steps();
  const NamedPointer named = name_of(key.lattice, key.cell, whole);
  bool made_here = false;
  CellPointer made = recall(*named, {});
  if (!made) made = make_once(*named, /*keep=*/true, {}, counters, made_here);
  for (const StepOutcome& outcome : made->outcomes)
    if (outcome.status == StepOutcome::Status::kFailed)
      return {HydratedCell::Outcome::kFailed, outcome.step,
              "step '" + outcome.step + "': " + outcome.message};
  // Another process may have made it while this one waited for its turn.
  if (was_put(key.path_hash(), false) || holds(key, described(key)))
    return {made_here ? HydratedCell::Outcome::kMade : HydratedCell::Outcome::kCached, {}, {}};
  // It came from memory, and its file has gone meanwhile; or it could not be written, or changed
  // while it was made.
  const std::string reason = current_.hold_still(key.lattice, made)
                                 ? store(key, *made)
                                 : "its sources changed while it was made; the next run makes it";
  if (!reason.empty()) return {HydratedCell::Outcome::kFailed, {}, reason};
  return {HydratedCell::Outcome::kMade, {}, {}};
}

std::optional<CellCount> CellService::count_stored(const Lattice& lattice,
                                                   const std::vector<CellIndex>& cells,
                                                   const std::vector<bool>& silent) {
  if (setup_.mode == CacheMode::kOff) return std::nullopt;
  CellCount count;
  count.total = static_cast<std::int64_t>(cells.size());
  for (const CellIndex index : cells) {
    const CellKey key{setup_.policy_hash, setup_.scope, lattice, index};
    const auto stored = described(key);
    if (stored && !shows_any(stored->cell, silent) && holds(key, stored)) ++count.stored;
  }
  return count;
}

void CellService::revalidate() {
  bool changed = false;
  for (const PlannedStep& step : setup_.plan->steps)
    changed |= step.source->revalidate();
  if (changed) current_.forget();
}

}  // namespace topobathy
