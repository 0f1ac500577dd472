#include "utils/hydrate/hydration_area.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <memory>

#include <gdal_priv.h>
#include <ogr_geometry.h>
#include <ogrsf_frmts.h>

#include "fusion/error.h"
#include "providers/align/crs.h"
#include "providers/align/lattice_rings.h"
#include "providers/align/transformer.h"
#include "utils/hydrate/tile_plan.h"
#include "utils/tiles/tile_cover.h"

namespace topobathy {
namespace {

using Ring = HydrationArea::Ring;

/// A list of tiles may say an area finer than any tile that is drawn.
constexpr int kFinestListed = 30;

/// Whether meridians and parallels are columns and rows, so that the image of a box is a box.
bool is_upright(const Lattice& lattice) {
  return lattice.traits().kind != CrsTraits::Kind::kProjected;
}

LatticeWindow extent_of(const FusedRaster& raster, int level) {
  const LatticeWindow& extent = raster.extent();
  const std::int64_t step = std::int64_t{1} << level;  // whole pixels at every level
  return {extent.col / step, extent.row / step, extent.width / step, extent.height / step};
}

/// A raster of the whole world reaches beyond it, as its size is whole at every level, and holds
/// some ground twice: once is enough.
LatticeWindow once_round(const Lattice& lattice, const LatticeWindow& extent, double period) {
  const double left = std::max(lattice.x(extent.col), -period / 2.0);
  if (period == 0.0 || lattice.x(extent.right()) - left <= period) return extent;
  return extent.intersect(
      lattice.window_of(left, lattice.y(extent.bottom()), left + period, lattice.y(extent.row)));
}

Ring ring_of(const LonLatBox& box) {
  const double east = box.east < box.west ? box.east + 360.0 : box.east;
  return {{box.west, box.south}, {east, box.south}, {east, box.north}, {box.west, box.north}};
}

CrsBox image_of(const Lattice& lattice, const LonLatBox& bounds) {
  const auto image = Transformer("EPSG:4326", lattice.crs()).transform_box(to_crs_box(bounds));
  if (!image) throw Error(ErrorCode::kUsage, "the area has no place in " + lattice.crs());
  return *image;
}

std::shared_ptr<const ZoneMask> mask_of(const Lattice& lattice, const HydrationArea& area) {
  if (area.rings.empty() && is_upright(lattice)) return nullptr;
  std::vector<ZoneMask::Ring> rings;
  for (const Ring& ring :
       area.rings.empty() ? std::vector<Ring>{ring_of(area.bounds)} : area.rings) {
    const auto turns = lattice_rings(ring, lattice);
    if (turns.empty())
      throw Error(ErrorCode::kUsage, "the area reaches where " + lattice.crs() +
                                         " has no coordinates: give a smaller one");
    rings.insert(rings.end(), turns.begin(), turns.end());
  }
  return std::make_shared<const ZoneMask>(rings);
}

/// Where the raster's CRS goes round the world the area may lie a turn away, and on both sides of
/// where the raster begins.
void add_level(const FusedRaster& raster, const HydrationArea& area, const CrsBox& image, int level,
               std::vector<PlannedArea>& areas) {
  const Lattice lattice = raster.lattice().at_level(level);
  const double period = 2.0 * crs_world(lattice.crs()).half_width;
  const LatticeWindow extent = once_round(lattice, extent_of(raster, level), period);
  const auto mask = mask_of(lattice, area);
  for (const double turn : {0.0, period, -period}) {
    const LatticeWindow window =
        lattice.window_of(image.left + turn, image.bottom, image.right + turn, image.top)
            .intersect(extent);
    if (!window.empty()) areas.push_back({lattice, window, mask});
    if (period == 0.0) break;
  }
}

void require_box(const std::vector<double>& box) {
  const auto refuse = [](const std::string& why) {
    throw Error(ErrorCode::kUsage, "the box " + why + ": give west south east north in degrees");
  };
  if (box.size() != 4) refuse("has " + std::to_string(box.size()) + " numbers");
  if (!std::all_of(box.begin(), box.end(), [](double v) { return std::isfinite(v); }))
    refuse("is no box");
  if (std::fabs(box[0]) > 180.0 || std::fabs(box[2]) > 180.0)
    refuse("reaches beyond longitude 180");
  if (std::fabs(box[1]) > 90.0 || std::fabs(box[3]) > 90.0) refuse("reaches beyond a pole");
  if (box[1] >= box[3]) refuse("is upside down or flat (south is not below north)");
  if (box[0] == box[2]) refuse("has no width");
}

/// The polygons of a shape, whatever it is made of.
void add_shape(const OGRGeometry& shape, OGRMultiPolygon& all) {
  if (const auto* polygon = dynamic_cast<const OGRPolygon*>(&shape)) {
    all.addGeometry(polygon);
  } else if (const auto* many = dynamic_cast<const OGRGeometryCollection*>(&shape)) {
    for (const auto* part : *many)
      add_shape(*part, all);
  }
}

void add_polygons(GDALDataset& file, const std::string& path, OGRMultiPolygon& all) {
  OGRSpatialReference degrees;
  degrees.importFromEPSG(4326);
  degrees.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  for (OGRLayer* layer : file.GetLayers())
    for (const auto& feature : *layer) {
      const OGRGeometry* const shape = feature->GetGeometryRef();
      if (shape == nullptr) continue;
      std::unique_ptr<OGRGeometry> copy(shape->clone());
      if (copy->getSpatialReference() != nullptr && copy->transformTo(&degrees) != OGRERR_NONE)
        throw Error(ErrorCode::kUsage, "'" + path + "' has no image in degrees");
      add_shape(*copy, all);
    }
}

void add_ring(const OGRLinearRing& ring, std::vector<Ring>& rings) {
  Ring points;
  for (int k = 0; k + 1 < ring.getNumPoints(); ++k)
    points.push_back({ring.getX(k), ring.getY(k)});
  if (points.size() >= 3) rings.push_back(std::move(points));
}

void add_rings(const OGRGeometry& shape, std::vector<Ring>& rings) {
  if (const auto* polygon = dynamic_cast<const OGRPolygon*>(&shape)) {
    for (const auto* ring : *polygon)
      add_ring(*ring, rings);
  } else if (const auto* many = dynamic_cast<const OGRGeometryCollection*>(&shape)) {
    for (const auto* part : *many)
      add_rings(*part, rings);
  }
}

/// Rings are taken even-odd: polygons that overlap must not cut holes into each other.
HydrationArea area_of(const OGRMultiPolygon& all, const std::string& path) {
  const std::unique_ptr<OGRGeometry> shape(all.UnionCascaded());
  HydrationArea area;
  if (shape) add_rings(*shape, area.rings);
  if (area.rings.empty()) throw Error(ErrorCode::kUsage, "'" + path + "' holds no polygon");
  OGREnvelope box;
  shape->getEnvelope(&box);
  area.bounds = HydrationArea::of_box({box.MinX, box.MinY, box.MaxX, box.MaxY}).bounds;
  return area;
}

void add_box(const LonLatBox& box, OGRMultiPolygon& all) {
  OGRLinearRing ring;
  ring.addPoint(box.west, box.south);
  ring.addPoint(box.east, box.south);
  ring.addPoint(box.east, box.north);
  ring.addPoint(box.west, box.north);
  ring.closeRings();
  OGRPolygon polygon;
  polygon.addRing(&ring);
  all.addGeometry(&polygon);
}

}  // namespace

HydrationArea HydrationArea::of_tile_list(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw Error(ErrorCode::kNotFound, "'" + path + "' cannot be read");
  OGRMultiPolygon all;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number)
    if (!line.empty())
      add_box(tile_bounds(tile_of_text(line, {path, number, 1}, kFinestListed)), all);
  return area_of(all, path);
}

HydrationArea HydrationArea::of_box(const std::vector<double>& box) {
  require_box(box);
  return {{box[0], box[1], box[2], box[3]}, {}};
}

HydrationArea HydrationArea::of_file(const std::string& path) {
  const std::unique_ptr<GDALDataset> file(
      GDALDataset::Open(path.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY));
  if (!file)
    throw Error(ErrorCode::kUnreadable, "'" + path + "' is no file of polygons that GDAL reads");
  OGRMultiPolygon all;
  add_polygons(*file, path, all);
  return area_of(all, path);
}

std::vector<PlannedArea> planned_areas(const FusedRaster& raster, const HydrationArea& area,
                                       int levels) {
  const CrsBox image = image_of(raster.lattice(), area.bounds);
  std::vector<PlannedArea> areas;
  for (int level = 0; level < levels; ++level)
    add_level(raster, area, image, level, areas);
  if (areas.empty())
    throw Error(ErrorCode::kUsage,
                "the area lies outside the policy's extent: nobody would read "
                "its cells");
  return areas;
}

}  // namespace topobathy
