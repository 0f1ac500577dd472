#include "providers/archive/archive_layer.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "fusion/count_time.h"
#include "fusion/error.h"
#include "fusion/parallel.h"
#include "providers/align/image_box.h"
#include "providers/archive/asset_item.h"
#include "providers/archive/tuning.h"
#include "providers/archive/two_editions.h"
#include "providers/http/http_client.h"
#include "providers/raster/block_sampler.h"
#include "providers/raster/describe_files.h"
#include "providers/raster/network_access.h"
#include "providers/raster/recent_stamp.h"
#include "providers/raster/sample_blocks.h"

namespace topobathy {
namespace {

constexpr double kMetresPerDegree = 111320.0;

/// The size of a level's pixels as archives choose by it: nominal, so that it is one number for all
/// of a level.
double nominal_pixel(const Lattice& lattice) {
  const bool degrees = lattice.traits().kind == CrsTraits::Kind::kGeographic;
  return lattice.pixel_size() * (degrees ? kMetresPerDegree : lattice.traits().unit);
}

/// A lon/lat box around a window, wide enough for every kernel; nothing where it has no image.
std::optional<LonLatBox> box_around(const Lattice& lattice, const LatticeWindow& window,
                                    double reach) {
  const auto image = image_box(lattice, window.grow(kKernelReach, kKernelReach), "EPSG:4326");
  if (!image) return std::nullopt;
  const double south = std::max(image->bottom, -90.0), north = std::min(image->top, 90.0);
  const double up = reach / kMetresPerDegree;
  const double widest = std::max(std::fabs(south), std::fabs(north));
  const double across = up / std::max(std::cos(std::min(widest + up, 89.9) * M_PI / 180.0), 1e-3);
  LonLatBox box{image->left - across, std::max(south - up, -90.0), image->right + across,
                std::min(north + up, 90.0)};
  if (box.east - box.west >= 360.0) box = {-180.0, box.south, 180.0, box.north};
  return box;
}

/// The first and the last of the cells that the blocks of a window begin in.
std::pair<CellIndex, CellIndex> home_corners(const Lattice& lattice, const LatticeWindow& window) {
  const auto block_start = [](std::int64_t pixel) { return floor_div(pixel, kBlock) * kBlock; };
  return {lattice.cell_of(block_start(window.col), block_start(window.row)),
          lattice.cell_of(block_start(window.right() - 1), block_start(window.bottom() - 1))};
}

/// The window of all these cells.
LatticeWindow home_window(const Lattice& lattice, const LatticeWindow& window) {
  const auto [first, last] = home_corners(lattice, window);
  const LatticeWindow begin = lattice.cell_window(first), end = lattice.cell_window(last);
  return LatticeWindow::from_edges(begin.col, begin.row, end.right(), end.bottom());
}

std::vector<CellIndex> home_cells(const Lattice& lattice, const LatticeWindow& window) {
  const auto [first, last] = home_corners(lattice, window);
  std::vector<CellIndex> cells;
  for (std::int64_t row = first.row; row <= last.row; ++row)
    for (std::int64_t col = first.col; col <= last.col; ++col)
      cells.push_back({col, row});
  return cells;
}

bool is_etag(const std::string& text) {
  return text.size() > 2 && text.back() == '"' && (text.front() == '"' || text.rfind("W/", 0) == 0);
}

/// Whether a file that is read where it lies is not of the edition that its cells would be kept
/// under. Known only where that edition is an ETag.
bool is_other_edition(const DescribedFile& file, const Asset& asset) {
  const auto* const opened = std::get_if<CatalogueFile>(&file);
  return opened != nullptr && asset.access == Asset::Access::kStream && is_etag(asset.revision) &&
         is_etag(opened->header.revision) && opened->header.revision != asset.revision;
}

/// Turns files of other editions into failures, and has their assets asked for anew.
/// \return whether there were any
bool refuse_other_editions(Archive& archive, const std::vector<const Asset*>& assets,
                           std::vector<DescribedFile>& files) {
  bool any = false;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!is_other_edition(files[i], *assets[i])) continue;
    any = true;
    archive.forget(*assets[i]);
    files[i] =
        "'" + without_secrets(assets[i]->url) + "': was replaced by a new edition: read again";
  }
  return any;
}

void require_askable(const LonLatBox& box) {
  const double width = box.east - box.west, height = box.north - box.south;
  if (width * height <= kMostSquareDegrees) return;
  char size[80];
  std::snprintf(size, sizeof size, "%.3g x %.3g degrees, cells and blends included", width, height);
  throw Error(ErrorCode::kUnsupported,
              std::string("the box is ") + size + "; an archive is asked about " +
                  std::to_string(std::lround(kMostSquareDegrees)) +
                  " square degrees at most: give a smaller bbox, or the step a zone");
}

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

/// The files of one cell, open for sampling.
struct ArchiveLayer::CellFiles {
  RasterCatalogue catalogue;
  CatalogueIds ids;
};

/// Who opens a cell's files holds its slot; others wait there.
struct ArchiveLayer::Slot {
  std::mutex mutex;
  std::shared_ptr<const CellFiles> files;
};

ArchiveLayer::ArchiveLayer(Setup setup) : setup_(std::move(setup)), recent_assets_(kRecent) {}
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

std::shared_ptr<ArchiveLayer::Slot> ArchiveLayer::slot_of(const CellName& name) {
  const std::lock_guard<std::mutex> lock(mutex_);
  auto& slot = slots_[name];
  if (!slot) slot = std::make_shared<Slot>();
  const auto known = std::find(recent_.begin(), recent_.end(), name);
  if (known != recent_.end()) recent_.erase(known);
  recent_.push_back(name);
  auto found = slot;
  if (recent_.size() > kKeptCells) {
    slots_.erase(recent_.front());
    recent_.erase(recent_.begin());
  }
  return found;
}

std::shared_ptr<const ArchiveLayer::CellFiles> ArchiveLayer::files_of(const Lattice& lattice,
                                                                      CellIndex cell,
                                                                      Counters* counters) {
  const auto slot = slot_of({lattice.level(), cell.col, cell.row});
  const std::lock_guard<std::mutex> lock(slot->mutex);
  if (slot->files) return slot->files;
  auto files = open_files(lattice, cell, /*ask_again=*/true, counters);
  // What could not be opened is tried again by the next reader.
  if (files->catalogue.losses().empty())
    slot->files = files;
  else
    recent_assets_.forget();  // it may be gone, and another in its place
  return files;
}

RecentAssets::Assets ArchiveLayer::find_counted(const Lattice& lattice, CellIndex cell,
                                                Counters* counters) {
  const CountTime counted(counters ? &counters->discover_time : nullptr);
  return assets_near(lattice, lattice.cell_window(cell));
}

std::shared_ptr<const ArchiveLayer::CellFiles> ArchiveLayer::open_files(const Lattice& lattice,
                                                                        CellIndex cell,
                                                                        bool ask_again,
                                                                        Counters* counters) {
  const RecentAssets::Assets found = find_counted(lattice, cell, counters);
  const CountTime counted(counters ? &counters->fetch_time : nullptr);
  const std::vector<Asset>& assets = *found;
  const double pixel = nominal_pixel(lattice);
  std::vector<NamedFile> names(assets.size());
  std::vector<std::string> failures(assets.size());
  parallel_for(assets.size(), kOpenedAtOnce, [&](std::size_t i) {
    try {
      const AssetFile file = setup_.archive->open(assets[i], pixel);
      names[i] = {file.path, assets[i].id,
                  std::make_shared<ArchivedFile>(ArchivedFile{assets[i].record, assets[i].heights,
                                                              file.sidecar, assets[i].revision})};
    } catch (const Error& error) {
      failures[i] = error.what();
    }
  });
  std::vector<NamedFile> opened;
  std::vector<const Asset*> of;
  for (std::size_t i = 0; i < assets.size(); ++i) {
    if (!failures[i].empty()) continue;
    opened.push_back(std::move(names[i]));
    of.push_back(&assets[i]);
  }
  std::vector<DescribedFile> described = describe_files(opened, setup_.step, setup_.access);
  if (refuse_other_editions(*setup_.archive, of, described) && ask_again) {
    revalidate();  // first: who sees the new count must find no cell of the edition before
    ++replaced_;
    return open_files(lattice, cell, /*ask_again=*/false, counters);
  }
  for (std::string& failure : failures)
    if (!failure.empty()) described.emplace_back(std::move(failure));
  RasterCatalogue catalogue(std::move(described), setup_.step, setup_.heights);
  CatalogueIds ids(catalogue, setup_.step.filter, *setup_.ids);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const SourceId id : ids.all())
      seen_.insert(id);
  }
  return std::make_shared<CellFiles>(CellFiles{std::move(catalogue), std::move(ids)});
}

/// The blocks of one home cell, and what they are sampled from.
struct ArchiveLayer::Home {
  CellIndex cell;
  std::shared_ptr<const CellFiles> files;
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
  const Lattice& lattice = *request.lattice;
  Archive& archive = *setup_.archive;
  LayerInventory inventory;
  const auto box = box_around(lattice, home_window(lattice, request.reach),
                              kSourceReach * archive.coarsest_pixel());
  if (!box) return inventory;
  require_askable(*box);
  std::vector<Candidate> candidates;
  try {
    candidates = archive.find(*box);
  } catch (const Error& error) {
    if (!setup_.access.offline) throw;
    inventory.state = LayerInventory::State::kOffline;
    inventory.listed = false;
    inventory.messages.push_back(error.message());
  }
  const auto is_local = [&](const Asset& asset) {
    try {
      return archive.is_local(asset, nominal_pixel(lattice));
    } catch (const Error& error) {
      inventory.state = LayerInventory::State::kFailed;
      inventory.messages.push_back(error.message());
      return false;
    }
  };
  for (auto candidate = candidates.rbegin(); candidate != candidates.rend(); ++candidate) {
    InventoryItem item = item_of(*candidate, setup_.step);
    item.at_hand = item.excluded.empty() && is_local(candidate->asset);
    inventory.items.push_back(std::move(item));
  }
  return inventory;
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
  const std::lock_guard<std::mutex> lock(mutex_);
  slots_.clear();
  recent_.clear();
  return true;
}

}  // namespace topobathy
