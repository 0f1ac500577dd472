#include <mutex>

#include "utils/serve/analysis/analysis_handlers.h"
#include "utils/serve/analysis/quality_json.h"
#include "utils/serve/http_error.h"
#include "utils/serve/parameters/asked_area.h"
#include "utils/serve/parameters/asked_policy.h"

namespace topobathy {
namespace {

void require_reportable(const FusedRaster& raster) {
  const LatticeWindow& extent = raster.extent();
  if (static_cast<double>(extent.width) * static_cast<double>(extent.height) <=
      static_cast<double>(kMostQualityPixels))
    return;
  throw HttpError(413, "the area has " + std::to_string(extent.width) + " x " +
                           std::to_string(extent.height) + " pixels; one report looks at " +
                           std::to_string(kMostQualityPixels) +
                           " at most: give a smaller box or a coarser resolution");
}

struct ReadArea {
  LayerPlanes planes;
  std::map<SourceId, SourceRecord> sources;
};

template <class T>
void copy_plane(const Plane<T>& from, const LatticeWindow& from_window, const LatticeWindow& part,
                Plane<T>& to, const LatticeWindow& to_window) {
  for (std::int64_t r = part.row; r < part.bottom(); ++r)
    std::copy_n(from.row(r - from_window.row) + (part.col - from_window.col), part.width,
                to.row(r - to_window.row) + (part.col - to_window.col));
}

ReadArea read_area(FusedRaster& raster, const std::function<bool()>& gone) {
  ReadArea area;
  LayerPlanes& planes = area.planes;
  planes.window = raster.extent();
  planes.elevation = Plane<float>(planes.window.width, planes.window.height, kNoValue);
  planes.source = Plane<SourceId>(planes.window.width, planes.window.height, kNoSource);
  std::mutex mutex;
  raster.read_parts(
      0, planes.window, {true, false, true},
      [&](const FusedCell& cell, const LatticeWindow& part) {
        copy_plane(cell.elevation, cell.window, part, planes.elevation, planes.window);
        copy_plane(cell.source, cell.window, part, planes.source, planes.window);
        const std::lock_guard<std::mutex> lock(mutex);
        area.sources.insert(cell.sources.begin(), cell.sources.end());
      },
      [&](double) { return !gone(); });
  return area;
}

}  // namespace

ServiceAnswer quality_report(Service& service, const ServiceRequest& request) {
  const Parameters query =
      Parameters::of_query(request, with_names(with_names(kBoxNames, kGridNames), {"policy"}));
  OpenRequest open = asked_policy(query, service);
  open.bbox = asked_box(query);
  open.bbox_crs = "EPSG:4326";
  asked_grid(query, open);
  const auto raster = open_asked(open);
  require_reportable(*raster);
  const ReadArea area = read_area(*raster, request.gone);
  const Lattice& lattice = raster->lattice();
  return json_answer(quality_json(lattice, area.planes.window, assess_quality(lattice, area.planes),
                                  area.sources));
}

}  // namespace topobathy
