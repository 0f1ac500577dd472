#include "providers/raster/raster_layer.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "fusion/error.h"
#include "providers/align/crs.h"
#include "providers/align/image_box.h"
#include "providers/align/lonlat_hull.h"
#include "providers/raster/block_sampler.h"
#include "providers/raster/network_access.h"
#include "providers/raster/raster_inventory.h"
#include "providers/raster/recent_stamp.h"
#include "providers/raster/report_files.h"
#include "providers/raster/sample_blocks.h"

namespace topobathy {
RasterLayer::RasterLayer(Step step, std::string directory, std::shared_ptr<SourceIds> ids,
                         SourceAccess access, HeightTarget heights)
    : step_(std::move(step)),
      directory_(std::move(directory)),
      ids_(std::move(ids)),
      access_(std::move(access)),
      heights_(std::move(heights)) {}

std::shared_ptr<const RasterLayer::Snapshot> RasterLayer::snapshot() {
  // Held while the headers are read: whoever comes meanwhile needs them too.
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!snapshot_) {
    RasterCatalogue catalogue(step_, directory_, access_, heights_);
    CatalogueIds ids(catalogue, step_.filter, *ids_);
    snapshot_ = std::make_shared<Snapshot>(Snapshot{std::move(catalogue), std::move(ids)});
  }
  return snapshot_;
}

bool RasterLayer::revalidate() {
  forget_recent_stamps();
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!snapshot_) return false;
  const auto& files = snapshot_->catalogue.files();
  const bool same = snapshot_->catalogue.lost().empty() &&
                    std::all_of(files.begin(), files.end(), [](const CatalogueFile& file) {
                      const auto stamp = recent_stamp(file.path);
                      return stamp && stamp->text() == file.header.revision;
                    });
  // A glob or an index may name other files by now.
  if (same && !step_.files.paths.empty()) return false;
  snapshot_.reset();
  return true;
}

std::size_t RasterLayer::named_sources() const {
  return count_files(step_, directory_, access_.offline);
}

std::vector<SourceId> RasterLayer::source_ids(bool look) {
  std::shared_ptr<const Snapshot> now;
  if (look) {
    now = snapshot();
  } else {
    const std::lock_guard<std::mutex> lock(mutex_);
    now = snapshot_;
  }
  return now ? now->ids.all() : std::vector<SourceId>();
}

std::vector<int> RasterLayer::files_near(const Snapshot& now, const Lattice& lattice,
                                         const LatticeWindow& window) const {
  std::vector<int> files;
  const auto& crs_list = now.catalogue.crs_list();
  for (std::size_t crs = 0; crs < crs_list.size(); ++crs) {
    const auto image = image_box(lattice, window, crs_list[crs]);
    if (!image) continue;
    const double margin =
        4.0 * std::max(now.catalogue.largest_pixel(static_cast<int>(crs)),
                       (image->right - image->left) / static_cast<double>(window.width));
    const double period = 2.0 * crs_world(crs_list[crs]).half_width;
    for (const double turn : {0.0, -period, period}) {
      now.catalogue.find(static_cast<int>(crs),
                         {image->left + turn - margin, image->bottom - margin,
                          image->right + turn + margin, image->top + margin},
                         files);
      if (period == 0.0) break;
    }
  }
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

bool RasterLayer::may_cover(const Lattice& lattice, const LatticeWindow& window) {
  const auto now = snapshot();
  return !now->catalogue.lost().empty() || !files_near(*now, lattice, window).empty();
}

std::vector<SourceRevision> RasterLayer::revisions(const Lattice& lattice,
                                                   const LatticeWindow& window) {
  const auto now = snapshot();
  std::vector<SourceRevision> revisions;
  for (const int number : files_near(*now, lattice, window)) {
    const CatalogueFile& file = now->catalogue.files()[static_cast<std::size_t>(number)];
    revisions.push_back({file.path, file.header.revision});
    // A grid that has changed shifts otherwise.
    if (file.shift) revisions.push_back({"heights of " + file.path, file.shift->info().definition});
  }
  return revisions;
}

LayerOutcome RasterLayer::read(const LayerRequest& request, LayerPlanes& planes) {
  const NetworkBlock block_network(access_.offline);
  try {
    const auto now = snapshot();
    if (now->catalogue.files().empty() && !now->catalogue.lost().empty())
      return LayerFailure{now->catalogue.lost()};
    std::vector<std::shared_ptr<BlockCoordinates>> coordinates;
    for (const auto& crs : now->catalogue.crs_list())
      coordinates.push_back(shared_block_coordinates(*request.lattice, crs));
    BlockSampler sampler(now->catalogue, now->ids, step_, coordinates, *request.lattice);
    const bool any = sample_blocks(sampler, request, planes);
    finished_.add(request.core.row, request.core.bottom(), sampler.used());
    if (!any && now->catalogue.lost().empty()) return NoCoverage{};
    return LayerRead{now->catalogue.lost()};
  } catch (const Error& error) {
    return LayerFailure{error.what()};
  }
}

SourceReport RasterLayer::report(const Lattice& lattice) {
  try {
    return report_files(snapshot()->catalogue, lattice);
  } catch (const Error& error) {
    SourceReport report;
    report.findings.push_back(finding_of(error));
    return report;
  }
}

LayerInventory RasterLayer::inventory(const InventoryRequest& request) {
  const NetworkBlock block_network(access_.offline);
  const auto now = snapshot();
  return inventory_of_files(now->catalogue, files_near(*now, *request.lattice, request.reach),
                            image_box(*request.lattice, request.reach, "EPSG:4326"));
}

std::optional<LonLatBox> RasterLayer::lonlat_extent() {
  const auto now = snapshot();
  if (!now->catalogue.lost().empty())
    throw Error(ErrorCode::kUnreadable, "step '" + step_.name + "': " + now->catalogue.lost());
  std::vector<LonLatBox> boxes;
  for (const CatalogueFile& file : now->catalogue.files()) {
    const auto& crs = now->catalogue.crs_list()[static_cast<std::size_t>(file.crs)];
    if (const auto box = Transformer(crs, "EPSG:4326").transform_box(file.box))
      boxes.push_back({box->left, box->bottom, box->right, box->top});
  }
  return lonlat_hull(boxes);
}

}  // namespace topobathy
