#include "utils/serve/dem/cell_catalogue.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "cache/cache_walk.h"
#include "cache/json_text.h"
#include "cache/manage/tier_set.h"
#include "fusion/sha256.h"
#include "utils/serve/http_error.h"
#include "utils/serve/parameters/in_quotes.h"

namespace topobathy {
namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
constexpr std::size_t kDigits = 12;

std::string lattice_digits(const CellFacts& facts) {
  const nlohmann::json key{json_from_bytes(facts.policy_hash), json_from_bytes(facts.crs),
                           facts.pixel_size, facts.cell_size, facts.level};
  return sha256_hex(canonical_text(key)).substr(0, kDigits);
}

[[noreturn]] void fail_unknown(const std::string& id) {
  throw HttpError(
      404, "no dataset " + in_quotes(id) + " in the cache; GET /api/v1/dem/datasets lists them");
}

bool read_integer(const char*& at, const char* end, std::int64_t& value) {
  const auto [next, error] = std::from_chars(at, end, value);
  if (error != std::errc()) return false;
  at = next;
  return true;
}

/// Takes the cells that touch the first one, corners too.
std::map<DemDataset::Place, std::string> take_area(std::map<DemDataset::Place, std::string>& all) {
  std::map<DemDataset::Place, std::string> area;
  std::vector<DemDataset::Place> waiting{all.begin()->first};
  while (!waiting.empty()) {
    const auto [row, col] = waiting.back();
    waiting.pop_back();
    for (std::int64_t r = row - 1; r <= row + 1; ++r) {
      auto cell = all.lower_bound({r, col - 1});
      while (cell != all.end() && cell->first <= std::make_pair(r, col + 1)) {
        waiting.push_back(cell->first);
        area.insert(*cell);
        cell = all.erase(cell);
      }
    }
  }
  return area;
}

DemDataset dataset_of(const std::string& digits, const CellFacts& lattice,
                      std::map<DemDataset::Place, std::string> cells) {
  DemDataset dataset;
  dataset.first = dataset.last = cells.begin()->first;
  for (const auto& [place, path] : cells) {
    dataset.first = {std::min(dataset.first.first, place.first),
                     std::min(dataset.first.second, place.second)};
    dataset.last = {std::max(dataset.last.first, place.first),
                    std::max(dataset.last.second, place.second)};
  }
  const auto& [row, col] = cells.begin()->first;
  dataset.id = digits + "_" + std::to_string(col) + "_" + std::to_string(row);
  dataset.lattice = lattice;
  dataset.cells = std::move(cells);
  return dataset;
}

}  // namespace

LatticeWindow DemDataset::window() const noexcept {
  const std::int64_t edge = lattice.cell_size;
  return {first.second * edge, first.first * edge, (last.second - first.second + 1) * edge,
          (last.first - first.first + 1) * edge};
}

DemId parse_dem_id(const std::string& id) {
  DemId parsed;
  const char* at = id.data() + std::min(kDigits, id.size());
  const char* const end = id.data() + id.size();
  parsed.lattice = id.substr(0, kDigits);
  const bool fits = at != end && *at++ == '_' && read_integer(at, end, parsed.place.second) &&
                    at != end && *at++ == '_' && read_integer(at, end, parsed.place.first) &&
                    at == end;
  if (!fits) fail_unknown(id);
  return parsed;
}

CellCatalogue::CellCatalogue(std::string root, std::chrono::milliseconds look_every)
    : root_(std::move(root)), look_every_(look_every) {}

std::size_t CellCatalogue::lattice_of(const CellFacts& facts) {
  const std::string digits = lattice_digits(facts);
  for (std::size_t i = 0; i < lattices_.size(); ++i)
    if (lattices_[i].first == digits) return i;
  lattices_.emplace_back(digits, facts);
  return lattices_.size() - 1;
}

CellCatalogue::Known CellCatalogue::read(const std::string& path, std::int64_t modified) {
  ++opened_;
  const auto facts = read_cell_facts(root_ + "/" + path);
  constexpr std::int64_t kFarthest = std::int64_t{1} << 40;  // no product overflows
  if (!facts || !facts->provider.empty() || std::abs(facts->col) > kFarthest ||
      std::abs(facts->row) > kFarthest || facts->cell_size > 4096)
    return {modified, kNone, {}, true};
  return {modified, lattice_of(*facts), {facts->row, facts->col}, true};
}

void CellCatalogue::look() {
  TierSet fused;
  fused.add(2);
  WalkOptions options;
  options.enter = [&](std::string_view folder) { return may_hold(folder, fused); };
  bool changed = datasets_ == nullptr;
  walk_cache(root_, options, [&](const CacheEntry& entry, std::size_t) {
    if (entry.item.kind != ItemKind::kFusedCell) return;
    const auto known = known_.find(std::string(entry.path));
    if (known != known_.end() && known->second.modified == entry.modified) {
      known->second.seen = true;
      return;
    }
    if (known == known_.end() && known_.size() >= kMostCells) return;
    known_[std::string(entry.path)] = read(std::string(entry.path), entry.modified);
    changed = true;
  });
  for (auto cell = known_.begin(); cell != known_.end();) {
    const bool seen = std::exchange(cell->second.seen, false);
    changed = changed || !seen;
    cell = seen ? std::next(cell) : known_.erase(cell);
  }
  if (changed) group();
}

void CellCatalogue::group() {
  std::vector<std::map<DemDataset::Place, std::string>> by_lattice(lattices_.size());
  std::vector<std::map<DemDataset::Place, std::int64_t>> times(lattices_.size());
  for (const auto& [path, known] : known_) {
    if (known.lattice == kNone) continue;
    // Policies of the same text in two folders have cells of the same place: the last made shows.
    std::int64_t& time = times[known.lattice][known.place];
    if (known.modified < time) continue;
    time = known.modified;
    by_lattice[known.lattice][known.place] = path;
  }
  auto datasets = std::make_shared<DemDatasets>();
  for (std::size_t i = 0; i < by_lattice.size(); ++i)
    while (!by_lattice[i].empty())
      datasets->push_back(
          dataset_of(lattices_[i].first, lattices_[i].second, take_area(by_lattice[i])));
  std::sort(datasets->begin(), datasets->end(),
            [](const DemDataset& a, const DemDataset& b) { return a.id < b.id; });
  datasets_ = std::move(datasets);
}

std::shared_ptr<const DemDatasets> CellCatalogue::datasets() {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (!datasets_ || now - looked_ >= look_every_) {
    look();
    looked_ = std::chrono::steady_clock::now();
  }
  return datasets_;
}

DemDataset CellCatalogue::find(const std::string& id) {
  const DemId parsed = parse_dem_id(id);
  const auto all = datasets();
  const auto found = std::find_if(all->begin(), all->end(), [&](const DemDataset& dataset) {
    return dataset.id.compare(0, parsed.lattice.size(), parsed.lattice) == 0 &&
           dataset.cells.count(parsed.place) > 0;
  });
  if (found == all->end()) fail_unknown(id);
  return *found;
}

}  // namespace topobathy
