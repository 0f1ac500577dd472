#include "providers/coastal/tile_index.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include <cpl_string.h>
#include <cpl_vsi.h>
#include <ogrsf_frmts.h>

#include "fusion/error.h"
#include "providers/align/lonlat_hull.h"
#include "providers/align/transformer.h"
#include "providers/coastal/published_names.h"
#include "providers/raster/gdal_errors.h"

namespace topobathy::coastal {
namespace {

constexpr std::size_t kMaxRows = 1'000'000;
constexpr int kMaxMembers = 10'000;
constexpr std::uint64_t kMaxMemberBytes = std::uint64_t{512} << 20;
constexpr double kSlack = 1e-4;  ///< degrees, 11 m: NAD83 and WGS 84 are up to 2 m apart

[[noreturn]] void refuse(const std::string& url, const std::string& reason) {
  throw Error(ErrorCode::kUnreadable, "cannot use the tile index '" + url + "': " + reason);
}

bool is_vector(const std::string& name) {
  const std::string extension = extension_of(name);
  return extension == ".shp" || extension == ".gpkg";
}

void require_size(const std::string& path, const std::string& url) {
  VSIStatBufL status;
  if (VSIStatL(path.c_str(), &status) == 0 &&
      static_cast<std::uint64_t>(status.st_size) > kMaxMemberBytes)
    refuse(url, "'" + base_name(path) + "' in it is larger than 512 MB");
}

/// The one member of a zip that is an index. Nothing is unpacked: GDAL reads it in place.
std::string member_of_zip(const std::string& path, const std::string& url) {
  const std::string root = "/vsizip/{" + path + "}";
  const CPLStringList members(VSIReadDirRecursive(root.c_str()));
  if (members.Count() > kMaxMembers) refuse(url, "the zip holds too many files");
  std::vector<std::string> found;
  for (int i = 0; i < members.Count(); ++i) {
    const std::string member = members[i];
    if (!is_plain_path(member)) continue;
    require_size(root + "/" + member, url);
    if (is_vector(member)) found.push_back(member);
  }
  if (found.size() > 1) {
    found.erase(std::remove_if(found.begin(), found.end(),
                               [](const std::string& member) {
                                 return lower_case(member).find("tileindex") == std::string::npos;
                               }),
                found.end());
  }
  if (found.size() != 1) refuse(url, "the zip does not hold exactly one shapefile or GeoPackage");
  return root + "/" + found.front();
}

std::unique_ptr<GDALDataset> open_vector(const std::string& path) {
  // Only these two: a file of another format could name further files.
  const std::array<const char*, 3> drivers = {"ESRI Shapefile", "GPKG", nullptr};
  return std::unique_ptr<GDALDataset>(GDALDataset::Open(
      path.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers.data(), nullptr, nullptr));
}

/// The columns that may hold the name, best first.
std::vector<int> name_columns(OGRFeatureDefn& definition) {
  std::vector<int> columns;
  for (const char* const name :
       {"url", "location", "path", "fileurl", "filename", "name", "tilename", "id"}) {
    const int column = definition.GetFieldIndex(name);
    if (column >= 0) columns.push_back(column);
  }
  return columns;
}

std::string name_in(OGRFeature& feature, const std::vector<int>& columns) {
  for (const int column : columns) {
    const CPLString text = CPLString(feature.GetFieldAsString(column)).Trim();
    if (!text.empty()) return text;
  }
  return "";
}

/// Polygons on both sides of the antimeridian are boxes of their own, not a belt round the world.
void add_boxes(const OGRGeometry& geometry, const Transformer& to_lonlat,
               std::vector<LonLatBox>& boxes) {
  if (OGR_GT_IsSubClassOf(wkbFlatten(geometry.getGeometryType()), wkbGeometryCollection)) {
    for (const auto* part : *geometry.toGeometryCollection())
      add_boxes(*part, to_lonlat, boxes);
    return;
  }
  if (geometry.IsEmpty()) return;
  OGREnvelope around;
  geometry.getEnvelope(&around);
  const auto image = to_lonlat.transform_box({around.MinX, around.MinY, around.MaxX, around.MaxY});
  if (image)
    boxes.push_back({image->left - kSlack, std::max(-90.0, image->bottom - kSlack),
                     image->right + kSlack, std::min(90.0, image->top + kSlack)});
}

Transformer lonlat_transformer(const OGRLayer& layer, const std::string& url) {
  const OGRSpatialReference* const crs = const_cast<OGRLayer&>(layer).GetSpatialRef();
  if (crs == nullptr) refuse(url, "it states no coordinate reference system");
  char* text = nullptr;
  const std::array<const char*, 2> options = {"FORMAT=WKT2_2019", nullptr};
  crs->exportToWkt(&text, options.data());
  const std::string wkt = text == nullptr ? "" : text;
  CPLFree(text);
  return Transformer(wkt, "EPSG:4326");
}

}  // namespace

std::vector<IndexedFile> read_tile_index(const std::string& path, const std::string& url) {
  const QuietGdalErrors errors;
  const bool zipped = extension_of(path) == ".zip";
  const auto index = open_vector(zipped ? member_of_zip(path, url) : path);
  if (!index || index->GetLayerCount() < 1)
    refuse(url, errors.reason("it is no shapefile or GeoPackage"));
  OGRLayer& layer = *index->GetLayer(0);
  const std::vector<int> columns = name_columns(*layer.GetLayerDefn());
  if (columns.empty()) refuse(url, "no column names the files");
  const Transformer to_lonlat = lonlat_transformer(layer, url);
  std::vector<IndexedFile> rows;
  for (const auto& feature : layer) {
    std::vector<LonLatBox> boxes;
    if (feature->GetGeometryRef() != nullptr)
      add_boxes(*feature->GetGeometryRef(), to_lonlat, boxes);
    const std::optional<LonLatBox> hull = lonlat_hull(boxes);
    const std::string name = name_in(*feature, columns);
    if (hull && !name.empty()) rows.push_back({name, *hull});
    if (rows.size() > kMaxRows) refuse(url, "it has more than a million rows");
  }
  return rows;
}

}  // namespace topobathy::coastal
