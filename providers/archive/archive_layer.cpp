#include "providers/archive/archive_layer.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <map>
#include <utility>

#include "fusion/count_time.h"
#include "fusion/error.h"
#include "fusion/parallel.h"
#include "providers/archive/archive_inventory.h"
#include "providers/archive/archive_terms.h"
#include "providers/archive/described_assets.h"
#include "providers/archive/home_cells.h"
#include "providers/archive/tuning.h"
#include "providers/archive/two_editions.h"
#include "providers/raster/block_sampler.h"
#include "providers/raster/network_access.h"
#include "providers/raster/recent_stamp.h"
#include "providers/raster/sample_blocks.h"

namespace topobathy {
namespace {

/// Blocks of a mask in parts x parts rectangles, row by row: the number of the one a block is in.
std::size_t part_of(const BlockMask& mask, std::int64_t col, std::int64_t row, std::int64_t parts) {
  const std::int64_t across = (col - mask.left()) * parts / mask.columns();
  const std::int64_t down = (row - mask.top()) * parts / mask.rows();
  return static_cast<std::size_t>(down * parts + across);
}

bool is_any_remote(const RasterCatalogue& catalogue) {
  const auto& files = catalogue.files();
  return std::any_of(files.begin(), files.end(),
                     [](const CatalogueFile& file) { return is_remote_path(file.path); });
}

}  // namespace

ArchiveLayer::ArchiveLayer(Setup setup) : setup_(std::move(setup)), recent_assets_(setup_.recent) {}
ArchiveLayer::~ArchiveLayer() = default;

std::vector<Asset> ArchiveLayer::find_near(const Lattice& lattice, const LatticeWindow& window) {
  const auto box = box_around(lattice, window, kSourceReach * setup_.archive->coarsest_pixel());
  std::vector<Asset> taken;
  if (!box) return taken;
  for (Candidate& candidate : setup_.archive->find(*box))
    if (candidate.excluded.empty()) taken.push_back(std::move(candidate.asset));
  if (taken.size() > kMostAssets)
    throw Error(ErrorCode::kUnsupported,
                "a window touches " + std::to_string(taken.size()) + " files of " +
                    setup_.step.provider + ", more than " + std::to_string(kMostAssets) +
                    ": read it at a finer resolution, or limit the step with a zone");
  return taken;
}

RecentAssets::Assets ArchiveLayer::assets_near(const Lattice& lattice,
                                               const LatticeWindow& window) {
  return recent_assets_.get(lattice, window, [&] { return find_near(lattice, window); });
}

bool ArchiveLayer::may_cover(const Lattice& lattice, const LatticeWindow& window) {
  return !assets_near(lattice, window)->empty();
}

std::vector<SourceRevision> ArchiveLayer::revisions(const Lattice& lattice,
                                                    const LatticeWindow& window) {
  // Of every file that is opened for a block of the window: those of its home cell.
  std::vector<SourceRevision> revisions;
  for (const CellIndex cell : home_cells(lattice, window)) {
    const RecentAssets::Assets assets = assets_near(lattice, lattice.cell_window(cell));
    for (const Asset& asset : *assets)
      revisions.push_back({setup_.step.provider + ":" + asset.id, asset.revision});
  }
  const auto by_source = [](const SourceRevision& a, const SourceRevision& b) {
    return std::tie(a.source, a.revision) < std::tie(b.source, b.revision);
  };
  std::sort(revisions.begin(), revisions.end(), by_source);
  revisions.erase(std::unique(revisions.begin(), revisions.end()), revisions.end());
  return revisions;
}

OpenCells::Files ArchiveLayer::files_of(const Lattice& lattice, CellIndex cell,
                                        Counters* counters) {
  const RecentAssets::Assets assets = find_counted(lattice, cell, counters);
  return open_cells_.get(lattice, cell, *assets, [&] {
    auto files = open_files(lattice, cell, /*ask_again=*/true, counters);
    // What could not be opened may be gone, and another in its place.
    if (!files->catalogue.losses().empty()) recent_assets_.forget();
    return files;
  });
}

RecentAssets::Assets ArchiveLayer::find_counted(const Lattice& lattice, CellIndex cell,
                                                Counters* counters) {
  const CountTime counted(counters ? &counters->discover_time : nullptr);
  return assets_near(lattice, lattice.cell_window(cell));
}

OpenCells::Files ArchiveLayer::open_files(const Lattice& lattice, CellIndex cell, bool ask_again,
                                          Counters* counters) {
  const RecentAssets::Assets assets = find_counted(lattice, cell, counters);
  const CountTime counted(counters ? &counters->fetch_time : nullptr);
  DescribedAssets described =
      describe_assets(*setup_.archive, *assets, nominal_pixel(lattice), setup_.step, setup_.access);
  if (described.any_replaced && ask_again) {
    revalidate();  // first: who sees the new count must find no cell of the edition before
    ++replaced_;
    return open_files(lattice, cell, /*ask_again=*/false, counters);
  }
  RasterCatalogue catalogue(std::move(described.files), setup_.step, setup_.heights);
  CatalogueIds ids(catalogue, setup_.step.filter, *setup_.ids);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const SourceId id : ids.all())
      seen_.insert(id);
  }
  return std::make_shared<CellFiles>(CellFiles{std::move(catalogue), std::move(ids), assets});
}

/// The blocks of one home cell, and what they are sampled from.
struct ArchiveLayer::Home {
  CellIndex cell;
  OpenCells::Files files;
  std::vector<std::shared_ptr<BlockCoordinates>> coordinates;  ///< one a CRS of the files
};

std::vector<ArchiveLayer::Home> ArchiveLayer::open_homes(const LayerRequest& request) {
  const NetworkBlock block_network(setup_.access.offline);
  const Lattice& lattice = *request.lattice;
  const BlockMask& mask = *request.wanted;
  std::map<std::pair<std::int64_t, std::int64_t>, Home> homes;  // a row of cells after another
  for (std::int64_t row = mask.top(); row < mask.top() + mask.rows(); ++row)
    for (std::int64_t col = mask.left(); col < mask.left() + mask.columns(); ++col) {
      if (!mask.wanted(col, row)) continue;
      const CellIndex cell = lattice.cell_of(col * kBlock, row * kBlock);
      Home& home = homes[{cell.row, cell.col}];
      if (!home.files) home = open_home(lattice, cell, request.counters);
      // Here and not by the threads that sample: to each PROJ is new, and opens its database.
      for (const auto& coordinates : home.coordinates)
        coordinates->corners(col, row);
    }
  std::vector<Home> all;
  for (auto& [place, home] : homes)
    all.push_back(std::move(home));
  return all;
}

std::vector<ArchiveLayer::Home> ArchiveLayer::open_homes_of_one_edition(
    const LayerRequest& request) {
  for (int attempt = 1;; ++attempt) {
    std::vector<Home> homes = open_homes(request);
    TwoEditions editions;
    for (const Home& home : homes)
      editions.add(home.files->catalogue);
    if (!editions.any()) return homes;
    if (attempt == kOpenedAgain) editions.refuse();
    revalidate();
  }
}

ArchiveLayer::Home ArchiveLayer::open_home(const Lattice& lattice, CellIndex cell,
                                           Counters* counters) {
  Home home{cell, files_of(lattice, cell, counters), {}};
  for (const auto& crs : home.files->catalogue.crs_list())
    home.coordinates.push_back(shared_block_coordinates(lattice, crs));
  return home;
}

bool ArchiveLayer::sample_home(const LayerRequest& request, const Home& home,
                               const BlockChoice& part, LayerPlanes& planes) {
  const NetworkBlock block_network(setup_.access.offline);
  const Lattice& lattice = *request.lattice;
  BlockSampler sampler(home.files->catalogue, home.files->ids, setup_.step, home.coordinates,
                       lattice);
  return sample_blocks(sampler, request, planes, [&](std::int64_t col, std::int64_t row) {
    return lattice.cell_of(col * kBlock, row * kBlock) == home.cell && part(col, row);
  });
}

LayerOutcome ArchiveLayer::read(const LayerRequest& request, LayerPlanes& planes) {
  const std::uint64_t before = replaced_;
  LayerOutcome outcome = read_homes(request, planes);
  // What was opened before is of the edition before: no block may lie beside one of another.
  return replaced_ == before ? outcome : read_homes(request, planes);
}

LayerOutcome ArchiveLayer::read_homes(const LayerRequest& request, LayerPlanes& planes) {
  try {
    const std::vector<Home> homes = open_homes_of_one_edition(request);
    // Where files lie in the archive each part waits for its tiles, so that the way there is gone
    // once for many of them.
    const bool remote = std::any_of(homes.begin(), homes.end(), [](const Home& home) {
      return is_any_remote(home.files->catalogue);
    });
    const std::int64_t across = remote ? kSampledApart : 1;
    const auto parts = static_cast<std::size_t>(across * across);
    std::atomic<bool> any{false};
    parallel_for(homes.size() * parts, remote ? kSampledAtOnce : 1, [&](std::size_t i) {
      const auto is_in_part = [&](std::int64_t col, std::int64_t row) {
        return part_of(*request.wanted, col, row, across) == i % parts;
      };
      if (sample_home(request, homes[i / parts], is_in_part, planes)) any = true;
    });
    std::string lost;
    for (const Home& home : homes)
      if (lost.empty()) lost = home.files->catalogue.lost();
    if (!any && lost.empty()) return NoCoverage{};
    if (!any) return LayerFailure{lost};
    return LayerRead{lost};
  } catch (const Error& error) {
    return LayerFailure{error.what()};
  }
}

LayerInventory ArchiveLayer::inventory(const InventoryRequest& request) {
  return archive_inventory(*setup_.archive, setup_.step, setup_.access.offline, request);
}

std::optional<LonLatBox> ArchiveLayer::lonlat_extent() {
  return setup_.archive->extent();
}

std::size_t ArchiveLayer::named_sources() const {
  return std::numeric_limits<std::size_t>::max();
}

std::vector<SourceId> ArchiveLayer::source_ids(bool /*look*/) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return {seen_.begin(), seen_.end()};
}

bool ArchiveLayer::revalidate() {
  recent_assets_.forget();
  forget_recent_stamps();
  open_cells_.forget();
  return true;
}

}  // namespace topobathy
