#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <tuple>
#include <vector>

#include "fusion/lattice.h"
#include "providers/archive/recent_assets.h"
#include "providers/raster/catalogue_ids.h"
#include "providers/raster/raster_catalogue.h"

namespace topobathy {

/// The files of one cell, open for sampling.
struct CellFiles {
  RasterCatalogue catalogue;
  CatalogueIds ids;
  RecentAssets::Assets assets;  ///< what was opened, in the editions that the archive named then
};

/// The cells whose files a layer keeps open, those asked for last. Thread-safe: who opens a cell's
/// files is waited for by all who want the same ones.
class OpenCells {
 public:
  using Files = std::shared_ptr<const CellFiles>;

  /// The cell's files, by `open` where none are kept of these editions: pixels of an older one must
  /// not be taken for what the archive names now. With losses they are not kept: what could not
  /// be opened is tried again by the next reader. What `open` throws, this throws.
  Files get(const Lattice& lattice, CellIndex cell, const std::vector<Asset>& now,
            const std::function<Files()>& open);
  void forget();

 private:
  using CellName = std::tuple<int, std::int64_t, std::int64_t>;  ///< level, column, row

  /// Who opens a cell's files holds its slot; others wait there.
  struct Slot {
    std::mutex mutex;
    Files files;
  };
  std::shared_ptr<Slot> slot_of(const CellName& name);

  std::mutex mutex_;
  std::map<CellName, std::shared_ptr<Slot>> slots_;
  std::vector<CellName> recent_;  ///< the slots, the latest last
};

}  // namespace topobathy
