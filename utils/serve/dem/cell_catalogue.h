#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "cache/cell_facts.h"
#include "fusion/lattice.h"

namespace topobathy {

/// Fused cells of the cache that lie side by side, of one policy, lattice and level.
struct DemDataset {
  using Place = std::pair<std::int64_t, std::int64_t>;  ///< row and column of a cell

  /// `<12 digits>_<column>_<row>`: which policy, lattice and level, and a cell of the dataset.
  std::string id;
  CellFacts lattice;                   ///< of any of its cells: what all have in common
  std::map<Place, std::string> cells;  ///< files, relative to the cache root
  Place first, last;                   ///< corners of the cells' bounds, `last` too

  LatticeWindow window() const noexcept;  ///< of the bounds, pixels of the level
};
using DemDatasets = std::vector<DemDataset>;

/// The datasets of a cache root. Cells are listed at most every few seconds, and each is opened
/// once, when it is first seen or has changed. Thread-safe.
class CellCatalogue {
 public:
  static constexpr std::size_t kMostCells = 200'000;

  explicit CellCatalogue(std::string root,
                         std::chrono::milliseconds look_every = std::chrono::seconds(5));

  const std::string& root() const noexcept { return root_; }
  std::shared_ptr<const DemDatasets> datasets();
  /// The dataset that has the cell of an id: an id stays good while its cell is there, also when
  /// the area grows. \throws HttpError(404)
  DemDataset find(const std::string& id);
  /// Cells opened so far.
  std::size_t opened() const noexcept { return opened_; }

 private:
  struct Known {
    std::int64_t modified = 0;
    std::size_t lattice = 0;  ///< place in lattices_; kNone: no readable cell
    DemDataset::Place place;
    bool seen = false;
  };
  void look();
  Known read(const std::string& path, std::int64_t modified);
  std::size_t lattice_of(const CellFacts& facts);
  void group();

  const std::string root_;
  const std::chrono::milliseconds look_every_;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point looked_;
  std::map<std::string, Known> known_;                       ///< by path
  std::vector<std::pair<std::string, CellFacts>> lattices_;  ///< by their 12 digits
  std::shared_ptr<const DemDatasets> datasets_;
  std::size_t opened_ = 0;
};

/// The parts of an id. \throws HttpError(404) for what is none
struct DemId {
  std::string lattice;
  DemDataset::Place place;
};
DemId parse_dem_id(const std::string& id);

}  // namespace topobathy
