#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <cpl_vsi.h>
#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include "cache/test_directory.h"
#include "fake_http.h"
#include "providers/archive/archive.h"
#include "providers/coastal/bucket.h"

namespace topobathy {

inline const std::string kCoast = coastal::kBucket;

/// A row of a tile index to be made: a rectangle in the index's CRS and the text of each column.
struct MadeRow {
  std::vector<std::string> texts;
  double west, south, east, north;
};

struct MadeIndex {
  std::string driver = "ESRI Shapefile";
  std::vector<std::string> columns = {"location"};
  int epsg = 4269;  ///< 0 = none
  std::vector<MadeRow> rows;
};

inline std::string bytes_of(const std::string& path) {
  VSIStatBufL status;
  if (VSIStatL(path.c_str(), &status) != 0) throw std::runtime_error("no file " + path);
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  VSILFILE* const file = VSIFOpenL(path.c_str(), "rb");
  VSIFReadL(bytes.data(), 1, bytes.size(), file);
  VSIFCloseL(file);
  return bytes;
}

inline void write_bytes(const std::string& path, const std::string& bytes) {
  VSILFILE* const file = VSIFOpenL(path.c_str(), "wb");
  if (file == nullptr) throw std::runtime_error("cannot write " + path);
  VSIFWriteL(bytes.data(), 1, bytes.size(), file);
  VSIFCloseL(file);
}

/// Writes an index with OGR as `<folder>/<name>`.
inline void write_index(const MadeIndex& index, const std::string& path) {
  GDALAllRegister();
  GDALDriver* const driver = GetGDALDriverManager()->GetDriverByName(index.driver.c_str());
  const std::unique_ptr<GDALDataset> file(
      driver->Create(path.c_str(), 0, 0, 0, GDT_Unknown, nullptr));
  OGRSpatialReference crs;
  if (index.epsg != 0) crs.importFromEPSG(index.epsg);
  crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  OGRLayer* const layer = file->CreateLayer("index", index.epsg != 0 ? &crs : nullptr, wkbPolygon);
  for (const std::string& column : index.columns) {
    OGRFieldDefn field(column.c_str(), OFTString);
    layer->CreateField(&field);
  }
  for (const MadeRow& row : index.rows) {
    OGRFeature feature(layer->GetLayerDefn());
    for (std::size_t i = 0; i < row.texts.size(); ++i)
      feature.SetField(static_cast<int>(i), row.texts[i].c_str());
    OGRLinearRing ring;
    for (const auto& [x, y] : {std::pair(row.west, row.south), std::pair(row.east, row.south),
                               std::pair(row.east, row.north), std::pair(row.west, row.north),
                               std::pair(row.west, row.south)})
      ring.addPoint(x, y);
    OGRPolygon polygon;
    polygon.addRing(&ring);
    feature.SetGeometry(&polygon);
    if (layer->CreateFeature(&feature) != OGRERR_NONE) throw std::runtime_error("no feature");
  }
}

/// The shapefile's files by extension (".shp", ...).
inline std::vector<std::pair<std::string, std::string>> shapefile(const MadeIndex& index) {
  const TestDirectory directory;
  write_index(index, directory.path() + "/index.shp");
  std::vector<std::pair<std::string, std::string>> files;
  for (const std::string& path : directory.files())
    files.emplace_back(std::filesystem::path(path).extension().string(), bytes_of(path));
  return files;
}

/// A zip of members.
inline std::string zip_of(const std::vector<std::pair<std::string, std::string>>& members) {
  const TestDirectory directory;
  const std::string path = directory.path() + "/made.zip";
  for (const auto& [name, bytes] : members)
    write_bytes("/vsizip/" + path + "/" + name, bytes);
  return bytes_of(path);
}

inline std::string zipped_shapefile(const MadeIndex& index, const std::string& stem = "tileindex") {
  std::vector<std::pair<std::string, std::string>> members;
  for (const auto& [extension, bytes] : shapefile(index))
    members.emplace_back(stem + extension, bytes);
  return zip_of(members);
}

inline std::string geopackage(const MadeIndex& index) {
  MadeIndex made = index;
  made.driver = "GPKG";
  const TestDirectory directory;
  write_index(made, directory.path() + "/index.gpkg");
  return bytes_of(directory.path() + "/index.gpkg");
}

/// The listing of a bucket's folder; `next` = token of a further page.
inline std::string listing(const std::vector<std::string>& keys, const std::string& next = "",
                           const std::string& etag = "e1") {
  std::string xml =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><IsTruncated>" +
      std::string(next.empty() ? "false" : "true") + "</IsTruncated>";
  if (!next.empty()) xml += "<NextContinuationToken>" + next + "</NextContinuationToken>";
  for (const std::string& key : keys)
    xml += "<Contents><Key>" + key +
           "</Key><LastModified>2025-01-02T03:04:05.000Z</LastModified><ETag>&quot;" + etag +
           "&quot;</ETag><Size>12</Size></Contents>";
  return xml + "</ListBucketResult>";
}

inline std::string listing_url(const std::string& escaped_prefix) {
  return kCoast + "/?list-type=2&prefix=" + escaped_prefix;
}

/// An archive's context over a made-up network.
struct CoastalSetup {
  TestDirectory directory;
  std::shared_ptr<FakeHttp> http = std::make_shared<FakeHttp>();
  std::shared_ptr<ArchiveContext> context = std::make_shared<ArchiveContext>();
  std::vector<std::string> warnings;
  Step step;

  explicit CoastalSetup(const std::string& provider) {
    GDALAllRegister();
    step.provider = provider;
    context->provider = provider;
    context->folder = directory.path();
    context->http = http;
    context->warn = [this](const std::string& text) { warnings.push_back(text); };
    std::filesystem::create_directory(directory.path() + "/tile_index");
    forget();
  }
  CoastalSetup(const CoastalSetup&) = delete;
  CoastalSetup& operator=(const CoastalSetup&) = delete;

  /// A discovery cache that knows nothing.
  void forget() { context->discovery = std::make_shared<DiscoveryCache>(DiscoveryCache::Setup{}); }
  std::unique_ptr<Archive> archive() const { return make_archive(step.provider, {step, context}); }
  std::vector<Candidate> find(const LonLatBox& box) const { return archive()->find(box); }

  /// What find() throws; "" = nothing.
  std::string failure(const LonLatBox& box) const {
    try {
      find(box);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
};

/// "id" of what is taken, "id: reason" of the rest; lowest first.
inline std::vector<std::string> told(const std::vector<Candidate>& candidates) {
  std::vector<std::string> lines;
  for (const Candidate& candidate : candidates)
    lines.push_back(candidate.asset.id +
                    (candidate.excluded.empty() ? "" : ": " + candidate.excluded));
  return lines;
}

}  // namespace topobathy
