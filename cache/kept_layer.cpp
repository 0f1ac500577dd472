#include "cache/kept_layer.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "cache/cell_codec.h"
#include "cache/cell_memory.h"
#include "cache/key_lock.h"
#include "cache/remap_sources.h"
#include "fusion/copy_part.h"
#include "fusion/count_time.h"
#include "fusion/error.h"
#include "fusion/sha256.h"
#include "fusion/turns.h"

namespace topobathy {
namespace {

/// Decoded provider cells kept by a process: the neighbours of a cell ask for its edge soon after.
constexpr std::size_t kMemoryBytes = std::size_t{48} << 20;

CellMemory& provider_cell_memory() {
  static CellMemory memory(kMemoryBytes);
  return memory;
}

/// One thread of this process at a time makes a certain cell.
Turns& turns() {
  static Turns made;
  return made;
}

template <class Function>
void for_each_block(const BlockMask& mask, Function function) {
  for (std::int64_t row = mask.top(); row < mask.top() + mask.rows(); ++row)
    for (std::int64_t col = mask.left(); col < mask.left() + mask.columns(); ++col)
      if (mask.wanted(col, row)) function(col, row);
}

/// The box of the wanted blocks.
LatticeWindow bounds(const BlockMask& mask) {
  std::optional<LatticeWindow> box;
  for_each_block(mask, [&](std::int64_t col, std::int64_t row) {
    const LatticeWindow pixels = BlockMask::pixels(col, row);
    box = box ? LatticeWindow::from_edges(std::min(box->col, pixels.col),
                                          std::min(box->row, pixels.row),
                                          std::max(box->right(), pixels.right()),
                                          std::max(box->bottom(), pixels.bottom()))
              : pixels;
  });
  return box.value_or(LatticeWindow{});
}

bool cell_holds(const FusedCell& cell, std::int64_t col, std::int64_t row) {
  return cell.blocks.empty() || cell.blocks.wanted(col, row);
}

bool holds(const FusedCell& cell, const BlockMask& blocks) {
  bool all = true;
  for_each_block(blocks,
                 [&](std::int64_t col, std::int64_t row) { all &= cell_holds(cell, col, row); });
  return all;
}

/// Adds a block that a layer has read.
void take_block(const LayerPlanes& planes, const LatticeWindow& part, FusedCell& cell) {
  copy_part(planes.elevation, planes.window, part, cell.elevation, cell.window);
  copy_part(planes.uncertainty, planes.window, part, cell.uncertainty, cell.window);
  copy_part(planes.source, planes.window, part, cell.source, cell.window);
  // Where there is no elevation the layer left what it liked.
  for (std::int64_t r = part.row - cell.window.row; r < part.bottom() - cell.window.row; ++r)
    for (std::int64_t c = part.col - cell.window.col; c < part.right() - cell.window.col; ++c) {
      if (cell.elevation.at(c, r) == cell.elevation.at(c, r)) continue;
      cell.uncertainty.at(c, r) = kNoValue;
      cell.source.at(c, r) = kNoSource;
    }
}

bool has_value(const FusedCell& cell, const LatticeWindow& part) {
  for (std::int64_t r = part.row; r < part.bottom(); ++r) {
    const float* values = cell.elevation.row(r - cell.window.row) + (part.col - cell.window.col);
    if (std::any_of(values, values + part.width, [](float value) { return value == value; }))
      return true;
  }
  return false;
}

/// A cell that is read for itself, and not for its edge only.
bool is_core(const LatticeWindow& cell, const LatticeWindow& core) {
  return 2 * cell.intersect(core).area() >= cell.area();
}

std::vector<std::pair<SourceId, SourceRecord>> records_of(const Plane<SourceId>& plane,
                                                          const SourceIds& ids) {
  std::set<SourceId> seen;
  SourceId last = kNoSource;
  for (std::size_t i = 0; i < plane.size(); ++i)
    if (plane.data()[i] != last && (last = plane.data()[i]) != kNoSource) seen.insert(last);
  std::vector<std::pair<SourceId, SourceRecord>> records;
  for (const SourceId id : seen)
    if (auto record = ids.find(id)) records.emplace_back(id, *std::move(record));
  return records;
}

bool is_complete(const BlockMask& blocks) {
  for (std::int64_t row = blocks.top(); row < blocks.top() + blocks.rows(); ++row)
    for (std::int64_t col = blocks.left(); col < blocks.left() + blocks.columns(); ++col)
      if (!blocks.wanted(col, row)) return false;
  return true;
}

FusedCell empty_cell(const LatticeWindow& window) {
  FusedCell cell;
  cell.window = cell.fused = window;
  cell.elevation = Plane<float>(window.width, window.height, kNoValue);
  cell.uncertainty = Plane<float>(window.width, window.height, kNoValue);
  cell.source = Plane<SourceId>(window.width, window.height, kNoSource);
  cell.blocks = BlockMask(window, false);
  return cell;
}

}  // namespace

/// Blocks of one provider cell.
struct KeptLayer::Wanted {
  CellKey key;
  std::string name;  ///< of the cell, in this process
  LatticeWindow window;
  BlockMask blocks;
};

/// A cell with the wanted blocks, or why there is none.
struct KeptLayer::Made {
  CellPointer cell;
  std::string lost;     ///< some sources could not be read: the cell is not kept
  std::string failure;  ///< none could
};

KeptLayer::KeptLayer(Setup setup)
    : setup_(std::move(setup)),
      hash_(sha256_hex(setup_.identity)),
      store_(setup_.objects, setup_.root, setup_.may_write) {}
KeptLayer::~KeptLayer() = default;

bool KeptLayer::may_cover(const Lattice& lattice, const LatticeWindow& window) {
  return setup_.layer->may_cover(lattice, window);
}
std::vector<SourceRevision> KeptLayer::revisions(const Lattice& lattice,
                                                 const LatticeWindow& window) {
  return setup_.layer->revisions(lattice, window);
}
std::optional<LonLatBox> KeptLayer::lonlat_extent() {
  return setup_.layer->lonlat_extent();
}
std::size_t KeptLayer::named_sources() const {
  return setup_.layer->named_sources();
}
std::vector<SourceId> KeptLayer::source_ids(bool look) {
  return setup_.layer->source_ids(look);
}
bool KeptLayer::revalidate() {
  return setup_.layer->revalidate();
}
SourceReport KeptLayer::report(const Lattice& lattice) {
  return setup_.layer->report(lattice);
}

LayerInventory KeptLayer::inventory(const InventoryRequest& request) {
  LayerInventory inventory = setup_.layer->inventory(request);
  // Without the sources' revisions nobody can say which cells are still theirs.
  if (inventory.listed) inventory.cells = count_stored(request);
  return inventory;
}

/// A store that cannot say whether it has a cell does not have it.
template <class Look>
auto KeptLayer::looked_for(const Look& look) const -> decltype(look()) {
  try {
    return look();
  } catch (const Error& error) {
    tell_trouble(error);
    return std::nullopt;
  }
}

CellCount KeptLayer::count_stored(const InventoryRequest& request) {
  CellCount count;
  count.total = static_cast<std::int64_t>(request.cells.size());
  for (const CellIndex cell : request.cells) {
    const CellKey key{hash_, "", *request.lattice, cell, setup_.provider};
    const auto stored = looked_for([&] { return store_.describe(key); });
    if (!stored || stored->cell.revisions.size() != 1) continue;
    const LatticeWindow window = request.lattice->cell_window(cell);
    const auto now = setup_.layer->revisions(*request.lattice, window);
    if (stored->cell.revisions.front() != now) continue;
    ++(stored->cell.blocks.empty() ? count.stored : count.partly);
  }
  return count;
}

KeptLayer::Wanted KeptLayer::wanted_cell(const Lattice& lattice, CellIndex cell,
                                         const LatticeWindow& core) const {
  const LatticeWindow window = lattice.cell_window(cell);
  CellKey key{hash_, "", lattice, cell, setup_.provider};
  std::string name = setup_.root + '\n' + key.path_hash();
  return {std::move(key), std::move(name), window, BlockMask(window, is_core(window, core))};
}

std::vector<KeptLayer::Wanted> KeptLayer::wanted_cells(const LayerRequest& request) const {
  const Lattice& lattice = *request.lattice;
  std::map<std::pair<std::int64_t, std::int64_t>, Wanted> cells;  // a row of cells after another
  for_each_block(*request.wanted, [&](std::int64_t col, std::int64_t row) {
    const LatticeWindow part = BlockMask::pixels(col, row).intersect(request.window);
    const CellIndex first = lattice.cell_of(part.col, part.row);
    const CellIndex last = lattice.cell_of(part.right() - 1, part.bottom() - 1);
    for (std::int64_t r = first.row; r <= last.row; ++r) {
      for (std::int64_t c = first.col; c <= last.col; ++c) {
        auto known = cells.find({r, c});
        if (known == cells.end())
          known = cells.emplace(std::pair(r, c), wanted_cell(lattice, {c, r}, request.core)).first;
        known->second.blocks.set(col, row, true);
      }
    }
  });
  std::vector<Wanted> all;
  for (auto& [place, wanted] : cells)
    all.push_back(std::move(wanted));
  return all;
}

/// \returns whether one of the blocks has a value
bool KeptLayer::give_blocks(const LayerRequest& request, const Wanted& wanted,
                            const FusedCell* cell, LayerPlanes& planes) {
  bool any = false;
  for_each_block(*request.wanted, [&](std::int64_t col, std::int64_t row) {
    const LatticeWindow part =
        BlockMask::pixels(col, row).intersect(request.window).intersect(wanted.window);
    if (part.empty()) return;
    if (cell == nullptr) {
      for (std::int64_t r = part.row; r < part.bottom(); ++r)
        std::fill_n(planes.elevation.row(r - planes.window.row) + (part.col - planes.window.col),
                    part.width, kNoValue);
      return;
    }
    any = any || has_value(*cell, part);
    copy_part(cell->elevation, cell->window, part, planes.elevation, planes.window);
    if (request.uncertainty && !cell->uncertainty.empty())
      copy_part(cell->uncertainty, cell->window, part, planes.uncertainty, planes.window);
    if (request.source && !cell->source.empty())
      copy_part(cell->source, cell->window, part, planes.source, planes.window);
  });
  return any;
}

/// What holds the wanted blocks, perhaps not more than that: of a neighbour's edge a few chunks are
/// read, and they leave the memory to cells that are read for themselves.
CellPointer KeptLayer::find_part(const Wanted& wanted, const std::vector<SourceRevision>& now,
                                 const BandSelection& bands) const {
  const LatticeWindow part = readable_part(wanted.window, bounds(wanted.blocks));
  // From an object store all of it comes anyway.
  if (setup_.objects || part == wanted.window || provider_cell_memory().find(wanted.name))
    return find(wanted, now);
  auto stored = looked_for([&] { return store_.read(wanted.key, bands, part); });
  if (!stored || stored->revisions.size() != 1 || stored->revisions.front() != now) return nullptr;
  if (bands.source) remap_sources(*stored, *setup_.ids);
  return std::make_shared<const FusedCell>(*std::move(stored));
}

CellPointer KeptLayer::find(const Wanted& wanted, const std::vector<SourceRevision>& now) const {
  const auto fits = [&](const FusedCell& cell) {
    return cell.revisions.size() == 1 && cell.revisions.front() == now;
  };
  auto known = provider_cell_memory().find(wanted.name);
  if (known && fits(*known) && holds(*known, wanted.blocks) && has_ids_of(*known, *setup_.ids))
    return known;
  auto stored = looked_for([&] { return store_.read(wanted.key); });
  if (!stored || !fits(*stored)) return nullptr;
  remap_sources(*stored, *setup_.ids);
  auto cell = std::make_shared<const FusedCell>(*std::move(stored));
  provider_cell_memory().insert(wanted.name, cell);
  return cell;
}

/// Reads the blocks that `old` (null: none) lacks, and adds its own.
KeptLayer::Made KeptLayer::make(const Wanted& wanted, const CellPointer& old, Counters* counters) {
  BlockMask missing = wanted.blocks;
  if (old)
    for_each_block(wanted.blocks, [&](std::int64_t col, std::int64_t row) {
      missing.set(col, row, !cell_holds(*old, col, row));
    });
  LayerRequest request;
  request.lattice = &wanted.key.lattice;
  request.window = request.core = wanted.window;
  request.wanted = &missing;
  request.counters = counters;
  LayerPlanes planes;
  planes.window = wanted.window;
  planes.elevation.reshape(wanted.window.width, wanted.window.height);
  planes.uncertainty.reshape(wanted.window.width, wanted.window.height);
  planes.source.reshape(wanted.window.width, wanted.window.height);
  const LayerOutcome outcome = setup_.layer->read(request, planes);
  Made made;
  if (const auto* failure = std::get_if<LayerFailure>(&outcome)) {
    made.failure = failure->message;
    return made;
  }
  FusedCell cell = old ? *old : empty_cell(wanted.window);
  if (cell.blocks.empty()) cell.blocks = BlockMask(wanted.window, true);
  const auto* read = std::get_if<LayerRead>(&outcome);
  if (read) made.lost = read->lost;
  for_each_block(missing, [&](std::int64_t col, std::int64_t row) {
    cell.blocks.set(col, row, true);
    if (read) take_block(planes, BlockMask::pixels(col, row).intersect(wanted.window), cell);
  });
  if (is_complete(cell.blocks)) cell.blocks = {};
  cell.sources = records_of(cell.source, *setup_.ids);
  cell.outcomes = {{setup_.provider, StepOutcome::Status::kOk, 0, {}}};
  made.cell = std::make_shared<const FusedCell>(std::move(cell));
  return made;
}

void KeptLayer::store(const Wanted& wanted, const FusedCell& cell) {
  if (!setup_.may_write) return;
  try {
    store_.write(wanted.key, cell, setup_.crs_wkt);
  } catch (const Error& error) {
    tell_trouble(error);
  }
}

void KeptLayer::tell_trouble(const Error& error) const {
  if (store_.is_first_trouble() && setup_.warn) setup_.warn(error.what());
}

std::vector<SourceRevision> KeptLayer::revisions_now(const Wanted& wanted, Counters* counters) {
  const CountTime counted(counters ? &counters->discover_time : nullptr);
  return setup_.layer->revisions(wanted.key.lattice, wanted.window);
}

KeptLayer::Made KeptLayer::cell(const Wanted& wanted, const BandSelection& bands,
                                Counters* counters) {
  // The edge of a cell without sources is asked for by neighbours that have some.
  if (!setup_.layer->may_cover(wanted.key.lattice, wanted.window)) return {};
  const auto now = revisions_now(wanted, counters);
  auto known = find_part(wanted, now, bands);
  if (known && holds(*known, wanted.blocks)) {
    if (counters) ++counters->provider_cells_from_cache;
    return {known, "", ""};
  }
  const auto turn = turns().at(wanted.name);
  const std::lock_guard<std::mutex> in_process(*turn);
  std::optional<KeyLock> between_processes;
  if (setup_.may_write) between_processes.emplace(setup_.root + "/locks", wanted.name);
  known = find(wanted, now);  // somebody may have made it meanwhile
  if (known && holds(*known, wanted.blocks)) return {known, "", ""};
  Made made = make(wanted, known, counters);
  // What is lost is tried again by the next reader; what changed meanwhile is of no revision.
  if (!made.cell || !made.lost.empty() || revisions_now(wanted, counters) != now) return made;
  auto keep = std::make_shared<FusedCell>(*made.cell);
  keep->revisions = {now};
  store(wanted, *keep);
  provider_cell_memory().insert(wanted.name, keep);
  return {std::move(keep), "", ""};
}

LayerOutcome KeptLayer::read(const LayerRequest& request, LayerPlanes& planes) {
  bool any = false;
  std::string lost;
  try {
    for (const Wanted& wanted : wanted_cells(request)) {
      const bool core = !wanted.window.intersect(request.core).empty();
      const BandSelection bands{true, core && request.uncertainty, core && request.source};
      const Made made = cell(wanted, bands, request.counters);
      if (lost.empty()) lost = made.failure.empty() ? made.lost : made.failure;
      any |= give_blocks(request, wanted, made.cell.get(), planes);
    }
  } catch (const Error& error) {
    return LayerFailure{error.what()};
  }
  if (!any && !lost.empty()) return LayerFailure{lost};
  if (!any) return NoCoverage{};
  return LayerRead{lost};
}

}  // namespace topobathy
