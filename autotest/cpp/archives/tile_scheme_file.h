#pragma once

#include <gtest/gtest.h>
#include <ogrsf_frmts.h>

#include <memory>
#include <string>
#include <vector>

namespace topobathy {

/// A row of a made BlueTopo tile scheme; "" becomes null.
struct SchemeTile {
  std::string tile;
  std::string link;
  std::string sidecar;
  std::string resolution;
  std::string checksum;
  std::string sidecar_checksum;
  std::string wkt;
};

/// Writes a GeoPackage of the shape that NOAA publishes.
inline void write_scheme(const std::string& path, const std::vector<SchemeTile>& tiles,
                         int epsg = 4326, const std::string& tile_column = "tile") {
  GDALAllRegister();
  GDALDriver* const driver = GetGDALDriverManager()->GetDriverByName("GPKG");
  VSIUnlink(path.c_str());
  const std::unique_ptr<GDALDataset> file(
      driver->Create(path.c_str(), 0, 0, 0, GDT_Unknown, nullptr));
  ASSERT_TRUE(file) << path;
  OGRSpatialReference crs;
  crs.importFromEPSG(epsg);
  crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  OGRLayer* const layer =
      file->CreateLayer("BlueTopo_Tile_Scheme_20260206_101010", &crs, wkbMultiPolygon, nullptr);
  const std::vector<std::string> columns = {tile_column,
                                            "GeoTIFF_Link",
                                            "RAT_Link",
                                            "Delivered_Date",
                                            "Resolution",
                                            "UTM",
                                            "GeoTIFF_SHA256_Checksum",
                                            "RAT_SHA256_Checksum"};
  for (const std::string& name : columns) {
    OGRFieldDefn column(name.c_str(), OFTString);
    ASSERT_EQ(OGRERR_NONE, layer->CreateField(&column));
  }
  for (const SchemeTile& tile : tiles) {
    const OGRFeatureUniquePtr row(OGRFeature::CreateFeature(layer->GetLayerDefn()));
    const std::vector<std::string> texts = {
        tile.tile,       tile.link, tile.sidecar,  tile.link.empty() ? "" : "2025-12-19 14:56:59",
        tile.resolution, "18",      tile.checksum, tile.sidecar_checksum};
    for (std::size_t c = 0; c < texts.size(); ++c)
      if (!texts[c].empty()) row->SetField(static_cast<int>(c), texts[c].c_str());
    OGRGeometry* polygon = nullptr;
    if (!tile.wkt.empty()) OGRGeometryFactory::createFromWkt(tile.wkt.c_str(), nullptr, &polygon);
    if (polygon != nullptr)
      row->SetGeometryDirectly(OGRGeometryFactory::forceToMultiPolygon(polygon));
    ASSERT_EQ(OGRERR_NONE, layer->CreateFeature(row.get()));
  }
}

/// A box as WKT.
inline std::string box_wkt(double west, double south, double east, double north) {
  const auto n = [](double value) { return std::to_string(value); };
  return "POLYGON ((" + n(west) + " " + n(south) + "," + n(west) + " " + n(north) + "," + n(east) +
         " " + n(north) + "," + n(east) + " " + n(south) + "," + n(west) + " " + n(south) + "))";
}

}  // namespace topobathy
