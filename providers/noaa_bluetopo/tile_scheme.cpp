#include "providers/noaa_bluetopo/tile_scheme.h"

#include <cpl_string.h>
#include <ogrsf_frmts.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <memory>
#include <optional>

#include "fusion/error.h"
#include "providers/align/lonlat_hull.h"
#include "providers/align/transformer.h"
#include "providers/archive/links.h"
#include "providers/archive/stated_resolution.h"
#include "providers/http/http_client.h"
#include "providers/raster/gdal_errors.h"
#include "providers/raster/stated.h"

namespace topobathy {
namespace {

/// Fifty times what there is.
constexpr GIntBig kMostTiles = 500000;
/// Tiles are grids of UTM, their polygons run along meridians: six of the coarsest pixels (16 m).
constexpr double kMargin = 0.001;
/// Below every resolution that is stated.
constexpr double kRankOfUnknown = -1e6;

/// The columns, by index in the layer; -1 = not there.
struct Columns {
  int tile = -1;
  int link = -1;
  int checksum = -1;
  int sidecar = -1;
  int sidecar_checksum = -1;
  int resolution = -1;
};

class SchemeReader {
 public:
  SchemeReader(OGRLayer& layer, const std::string& published)
      : layer_(layer), published_(published), columns_(find_columns()) {
    const OGRSpatialReference* const crs = layer.GetSpatialRef();
    if (crs == nullptr) fail("it states no coordinate reference system");
    char* wkt = nullptr;
    crs->exportToWkt(&wkt);
    const std::unique_ptr<char, decltype(&VSIFree)> owned(wkt, &VSIFree);
    is_in_degrees_ = crs->IsGeographic() != 0;
    try {
      to_lonlat_.emplace(wkt == nullptr ? "" : wkt, "EPSG:4326");
    } catch (const Error& error) {
      fail(error.message());
    }
  }

  std::vector<Asset> read() {
    if (layer_.GetFeatureCount() > kMostTiles) fail("it lists too many tiles to be true");
    std::map<std::string, Asset> tiles;
    layer_.ResetReading();
    while (const OGRFeatureUniquePtr feature{layer_.GetNextFeature()}) {
      if (text(*feature, columns_.link).empty()) continue;
      const Asset asset = asset_of(*feature);
      const auto [known, is_new] = tiles.emplace(asset.id, asset);
      if (is_new) continue;
      // A polygon in pieces, a row each.
      if (known->second.url != asset.url) fail("it lists tile '" + asset.id + "' with two links");
      known->second.box = *lonlat_hull({known->second.box, asset.box});
    }
    std::vector<Asset> assets;
    for (auto& [name, asset] : tiles)
      assets.push_back(std::move(asset));
    return assets;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::kUnreadable, "'" + without_secrets(published_) +
                                            "': the tile scheme is damaged or of another kind: " +
                                            what + "; try again later, when the archive is whole");
  }

  int column(const char* name) const {
    return layer_.GetLayerDefn()->GetFieldIndex(name);  // without case
  }

  Columns find_columns() const {
    Columns found;
    for (const char* name :
         {"tile", "file_name", "tile_name", "name", "tile_id", "standard_name"}) {
      if (found.tile < 0) found.tile = column(name);
    }
    found.link = column("geotiff_link");
    if (found.tile < 0 || found.link < 0)
      fail(std::string("it has no column '") + (found.tile < 0 ? "tile" : "GeoTIFF_Link") + "'");
    found.checksum = column("geotiff_sha256_checksum");
    found.sidecar = column("rat_link");
    found.sidecar_checksum = column("rat_sha256_checksum");
    found.resolution = column("resolution");
    return found;
  }

  static std::string text(const OGRFeature& feature, int column) {
    if (column < 0 || !feature.IsFieldSetAndNotNull(column)) return "";
    return stated(const_cast<OGRFeature&>(feature).GetFieldAsString(column));
  }

  /// "" for what is no SHA-256: then the tile's dated name tells its editions apart.
  static std::string checksum(const OGRFeature& feature, int column) {
    CPLString digits = text(feature, column);
    digits.tolower();
    const bool is_hex =
        digits.size() == 64 && std::all_of(digits.begin(), digits.end(),
                                           [](unsigned char c) { return std::isxdigit(c) != 0; });
    return is_hex ? std::string(digits) : "";
  }

  std::string link(const OGRFeature& feature, int column, const std::string& tile) const {
    const std::string url = text(feature, column);
    if (url.empty()) return "";
    const bool is_web = url.rfind("https://", 0) == 0 || url.rfind("http://", 0) == 0;
    if (!is_web || !resolve_link(url, url) || !is_plain_name(file_name_of(url)))
      fail("a link of tile '" + tile + "' is no http or https URL of a file");
    return url;
  }

  LonLatBox lonlat_box(const OGREnvelope& envelope, const std::string& tile) const {
    // Metres that are taken for degrees would only be clamped to a pole.
    const bool is_possible =
        !is_in_degrees_ || (envelope.MinX >= -360.0 && envelope.MaxX <= 360.0 &&
                            envelope.MinY >= -90.0 && envelope.MaxY <= 90.0);
    std::optional<CrsBox> box;
    if (is_possible)
      box = to_lonlat_->transform_box({envelope.MinX, envelope.MinY, envelope.MaxX, envelope.MaxY});
    if (!box) fail("the polygon of tile '" + tile + "' lies nowhere on Earth");
    const double turn = box->left - kMargin < -180.0 ? 360.0 : 0.0;
    return {box->left - kMargin + turn, std::max(box->bottom - kMargin, -90.0),
            box->right + kMargin + turn, std::min(box->top + kMargin, 90.0)};
  }

  /// A tile across the antimeridian is a polygon on each of its sides.
  LonLatBox box_of(const OGRFeature& feature, const std::string& tile) const {
    const OGRGeometry* const geometry = feature.GetGeometryRef();
    if (geometry == nullptr || geometry->IsEmpty()) fail("tile '" + tile + "' has no polygon");
    std::vector<LonLatBox> boxes;
    const auto add = [&](const OGRGeometry& part) {
      if (part.IsEmpty()) return;
      OGREnvelope envelope;
      part.getEnvelope(&envelope);
      boxes.push_back(lonlat_box(envelope, tile));
    };
    if (wkbFlatten(geometry->getGeometryType()) == wkbMultiPolygon) {
      for (const OGRPolygon* part : *geometry->toMultiPolygon())
        add(*part);
    } else {
      add(*geometry);
    }
    return *lonlat_hull(boxes);
  }

  Asset asset_of(const OGRFeature& feature) const {
    Asset asset;
    asset.id = text(feature, columns_.tile);
    if (!is_plain_name(asset.id)) fail("a delivered tile has no name, or one of no tile");
    asset.url = link(feature, columns_.link, asset.id);
    asset.access = Asset::Access::kStream;
    asset.box = box_of(feature, asset.id);
    asset.resolution = resolution_of(text(feature, columns_.resolution));
    asset.rank = asset.resolution > 0.0 ? -asset.resolution : kRankOfUnknown;
    asset.sha256 = checksum(feature, columns_.checksum);
    asset.revision = asset.sha256.empty() ? file_name_of(asset.url) : asset.sha256;
    asset.sidecar_url = link(feature, columns_.sidecar, asset.id);
    asset.sidecar_sha256 = checksum(feature, columns_.sidecar_checksum);
    asset.heights.by = StatedBy::kFile;
    asset.record.provider = "noaa_bluetopo";
    asset.record.key = "file:" + asset.id;
    asset.record.resolution = asset.resolution;
    asset.record.link = "https://nauticalcharts.noaa.gov/data/bluetopo.html";
    return asset;
  }

  OGRLayer& layer_;
  const std::string& published_;
  const Columns columns_;
  std::optional<Transformer> to_lonlat_;
  bool is_in_degrees_ = false;
};

}  // namespace

std::vector<Asset> read_tile_scheme(const std::string& path, const std::string& published) {
  const QuietGdalErrors errors;
  // One driver only: a file that is another thing must not make GDAL read elsewhere.
  constexpr std::array<const char*, 2> kDrivers = {"GPKG", nullptr};
  const std::unique_ptr<GDALDataset> scheme(
      GDALDataset::Open(path.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_INTERNAL,
                        kDrivers.data(), nullptr, nullptr));
  OGRLayer* const layer = scheme && scheme->GetLayerCount() > 0 ? scheme->GetLayer(0) : nullptr;
  if (layer == nullptr)
    throw Error(ErrorCode::kUnreadable,
                "'" + without_secrets(published) +
                    "': the tile scheme is no GeoPackage with a "
                    "layer (" +
                    errors.reason("GDAL's GPKG driver does not recognise it") +
                    "); try again later, when the archive is whole");
  std::vector<Asset> assets = SchemeReader(*layer, published).read();
  // A damaged page of the database ends the reading as if there were no more rows.
  const std::string failure = errors.reason("");
  if (!failure.empty())
    throw Error(ErrorCode::kUnreadable, "'" + without_secrets(published) +
                                            "': the tile scheme cannot be read to its end (" +
                                            failure +
                                            "); try again later, when the archive is "
                                            "whole");
  return assets;
}

}  // namespace topobathy
