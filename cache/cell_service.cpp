#include "cache/cell_service.h"

#include <algorithm>
#include <utility>

#include "cache/remap_sources.h"
#include "fusion/shoalest.h"

namespace topobathy {
namespace {

/// Decoded cells kept by a process: a 500 x 500 cell is 3 MB. Readers of wide rasters reserve more.
constexpr std::size_t kMemoryBytes = std::size_t{32} << 20;
/// Keys remembered by a service, some hundred bytes each.
constexpr std::size_t kRememberedKeys = 20000;
/// Kernels, coordinates and source overviews reach no further than this beyond a cell and its halo,
/// in pixels.
constexpr std::int64_t kReach = 64;

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

/// Whether the ids of a cell kept in memory are those of `ids`: of a registry that nobody held for
/// a while the ids that were never in its file are gone, and may have gone to other sources.
bool ids_hold(const FusedCell& cell, SourceIds& ids) {
  return cell.source.empty() ||
         std::all_of(cell.sources.begin(), cell.sources.end(), [&](const auto& row) {
           return row.first <= kBackgroundSource || ids.assign(row.second) == row.first;
         });
}

bool has_planes(const FusedCell& cell, const BandSelection& bands) {
  return (!bands.elevation || !cell.elevation.empty()) &&
         (!bands.uncertainty || !cell.uncertainty.empty()) &&
         (!bands.source || !cell.source.empty());
}

}  // namespace

CellMemory& cell_memory() {
  static CellMemory memory(kMemoryBytes);
  return memory;
}

CellService::CellService(Setup setup)
    : setup_(std::move(setup)),
      memory_space_(memory_space(setup_)),
      store_(setup_.root),
      flight_(lock_directory(setup_)) {}

CellService::~CellService() = default;

LatticeWindow CellService::part_of(const Lattice& lattice, CellIndex index,
                                   const LatticeWindow& useful) const {
  const LatticeWindow cell = lattice.cell_window(index);
  const bool whole = setup_.mode != CacheMode::kOff || setup_.overview == OverviewRule::kShoalest;
  return whole ? cell : cell.intersect(useful);
}

CellService::NamedKey CellService::key_of(const Lattice& lattice, CellIndex index) {
  const auto id = std::make_tuple(lattice.level(), index.col, index.row);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (const auto known = keys_.find(id); known != keys_.end()) return known->second;
  }
  CellKey key{setup_.policy_hash, setup_.scope, lattice, index, {}};
  const LatticeWindow window = lattice.cell_window(index);
  for (const PlannedStep& step : setup_.plan->steps) {
    const Halo halo = step_halo(step, lattice, window);
    auto revisions =
        step.source->revisions(lattice, window.grow(halo.columns + kReach, halo.rows + kReach));
    std::move(revisions.begin(), revisions.end(), std::back_inserter(key.revisions));
  }
  NamedKey named{std::make_shared<const CellKey>(std::move(key)), {}};
  named.name = named.key->path_hash() + named.key->revision_hash();
  const std::lock_guard<std::mutex> lock(mutex_);
  if (keys_.size() >= kRememberedKeys) keys_.clear();
  keys_[id] = named;
  return named;
}

CellPointer CellService::stored(const CellKey& key, const BandSelection& bands,
                                Counters* counters) const {
  if (setup_.mode == CacheMode::kOff) return nullptr;
  auto cell = store_.read(key, bands);
  if (!cell) return nullptr;
  if (bands.source) remap_sources(*cell, *setup_.plan->ids);
  if (counters) ++counters->cells_from_cache;
  return std::make_shared<const FusedCell>(std::move(*cell));
}

void CellService::store(const CellKey& key, const FusedCell& cell) {
  if (setup_.mode != CacheMode::kReadWrite || !cell.complete()) return;
  try {
    store_.write(key, cell, setup_.crs_wkt);
  } catch (const Error& error) {
    // The pixels are right; only the next reader pays. Said once: a full disk would say it for
    // every cell.
    if (!warned_.exchange(true) && setup_.warn) setup_.warn(error.what());
  }
}

CellPointer CellService::make(const Lattice& lattice, const CellKey& key, const LatticeWindow& part,
                              const BandSelection& bands, Counters* counters) {
  const bool keep = setup_.mode == CacheMode::kReadWrite;
  BandSelection wanted = keep ? BandSelection{} : bands;
  wanted.elevation = true;  // the others are chosen by it
  const bool reduce = setup_.overview == OverviewRule::kShoalest && lattice.level() > 0;
  FusedCell cell = reduce ? shoalest(lattice, key.cell, wanted, counters)
                          : fuse(*setup_.plan, lattice, part, wanted, counters);
  store(key, cell);
  return std::make_shared<const FusedCell>(std::move(cell));
}

FusedCell CellService::shoalest(const Lattice& lattice, CellIndex index, const BandSelection& bands,
                                Counters* counters) {
  const Lattice finer = lattice.at_level(lattice.level() - 1);
  std::array<CellPointer, 4> quarters;
  for (std::size_t k = 0; k < quarters.size(); ++k) {
    const CellIndex quarter{2 * index.col + static_cast<std::int64_t>(k % 2),
                            2 * index.row + static_cast<std::int64_t>(k / 2)};
    quarters[k] = cell(finer, quarter, finer.cell_window(quarter), bands, counters);
  }
  return shoalest_of(quarters, lattice.cell_window(index));
}

void CellService::describe_steps() {
  // Not on opening, which makes nothing; a step may have been renamed since it got its id.
  std::call_once(described_, [this] {
    for (const PlannedStep& step : setup_.plan->steps)
      setup_.plan->ids->refresh(step.record);
  });
}

CellPointer CellService::cell(const Lattice& lattice, CellIndex index, const LatticeWindow& useful,
                              const BandSelection& bands, Counters* counters) {
  describe_steps();
  NamedKey named = key_of(lattice, index);
  const LatticeWindow part = part_of(lattice, index, useful);
  if (part != lattice.cell_window(index))  // must not be taken for the whole by another reader
    named.name += std::to_string(part.col) + ',' + std::to_string(part.row) + ',' +
                  std::to_string(part.width) + ',' + std::to_string(part.height);
  const std::string name_in_memory = memory_space_ + named.name;
  const auto recall = [&]() -> CellPointer {
    CellPointer known = cell_memory().find(name_in_memory);
    if (!known || !has_planes(*known, bands)) return nullptr;
    return ids_hold(*known, *setup_.plan->ids) ? known : nullptr;
  };
  const auto keep = [&](CellPointer made) {
    // An incomplete cell is told once and tried again by the next reader.
    if (made->complete()) cell_memory().insert(name_in_memory, made);
    return made;
  };
  const auto look = [&]() -> CellPointer {
    if (auto known = recall()) return known;
    auto found = stored(*named.key, bands, counters);
    return found ? keep(std::move(found)) : nullptr;
  };
  if (auto known = look()) return known;
  // Readers of other bands must not be handed a cell without them: they fly apart.
  const std::string flight = named.name + (bands.elevation ? "e" : "") +
                             (bands.uncertainty ? "u" : "") + (bands.source ? "s" : "");
  return flight_.run(flight, look,
                     [&] { return keep(make(lattice, *named.key, part, bands, counters)); });
}

void CellService::revalidate() {
  bool changed = false;
  for (const PlannedStep& step : setup_.plan->steps)
    changed |= step.source->revalidate();
  if (!changed) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  keys_.clear();
}

}  // namespace topobathy
