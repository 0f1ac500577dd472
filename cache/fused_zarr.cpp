#include "cache/fused_zarr.h"

#include <vector>

#include "cache/json_text.h"

namespace topobathy {
namespace {

using nlohmann::json;
using Kind = CrsTraits::Kind;

/// UDUNITS text of a CRS unit of so many metres.
std::string unit_text(double metres) {
  if (metres == 1.0) return "m";
  return canonical_text(metres) + " m";
}

json x_attributes(const CrsTraits& traits) {
  if (traits.kind == Kind::kGeographic)
    return {{"axis", "X"},
            {"standard_name", "longitude"},
            {"long_name", "longitude of the pixel centre"},
            {"units", "degrees_east"}};
  return {{"axis", "X"},
          {"standard_name", "projection_x_coordinate"},
          {"long_name", "easting of the pixel centre"},
          {"units", unit_text(traits.unit)}};
}

json y_attributes(const CrsTraits& traits) {
  if (traits.kind == Kind::kGeographic)
    return {{"axis", "Y"},
            {"standard_name", "latitude"},
            {"long_name", "latitude of the pixel centre"},
            {"units", "degrees_north"}};
  return {{"axis", "Y"},
          {"standard_name", "projection_y_coordinate"},
          {"long_name", "northing of the pixel centre"},
          {"units", unit_text(traits.unit)}};
}

/// GDAL's order, as rioxarray writes it: x0 dx 0 y0 0 -dy, of the upper left corner.
std::string geotransform(const Lattice& lattice, const LatticeWindow& window) {
  const std::string pixel = canonical_text(lattice.pixel_size());
  return canonical_text(lattice.x(window.col)) + " " + pixel + " 0 " +
         canonical_text(lattice.y(window.row)) + " 0 -" + pixel;
}

json grid_mapping(const Lattice& lattice, const LatticeWindow& window, const std::string& crs_wkt) {
  json attributes{{"crs", lattice.crs()}, {"GeoTransform", geotransform(lattice, window)}};
  if (lattice.traits().kind == Kind::kGeographic) {
    attributes["grid_mapping_name"] = "latitude_longitude";
    attributes["semi_major_axis"] = lattice.traits().semi_major;
    attributes["inverse_flattening"] = lattice.traits().inverse_flattening;
  }
  if (!crs_wkt.empty()) attributes["crs_wkt"] = crs_wkt;
  return attributes;
}

/// What every plane says of its place. GDAL's Zarr driver knows the CRS by `_CRS` alone, CF readers
/// by the grid mapping.
json plane_attributes(const char* long_name, const std::string& crs_wkt) {
  json attributes{{"long_name", long_name}, {"grid_mapping", "spatial_ref"}};
  if (!crs_wkt.empty()) attributes["_CRS"] = {{"wkt", crs_wkt}};
  return attributes;
}

void add_coordinates(ZarrWriter& writer, const Lattice& lattice, const LatticeWindow& window) {
  std::vector<double> x, y;
  for (std::int64_t col = window.col; col < window.right(); ++col)
    x.push_back(lattice.centre_x(col));
  for (std::int64_t row = window.row; row < window.bottom(); ++row)
    y.push_back(lattice.centre_y(row));
  writer.add_coordinate("x", x, x_attributes(lattice.traits()));
  writer.add_coordinate("y", y, y_attributes(lattice.traits()));
}

}  // namespace

void add_fused_arrays(ZarrWriter& writer, const Lattice& lattice, const FusedCell& cell,
                      const std::string& crs_wkt) {
  json elevation = plane_attributes("elevation of the ground or the sea floor", crs_wkt);
  elevation.update(
      {{"units", "m"},
       {"positive", "up"},
       {"ancillary_variables", std::string(kUncertaintyArray) + " " + std::string(kSourceArray)}});
  json uncertainty = plane_attributes("vertical uncertainty of the elevation, 1 sigma", crs_wkt);
  uncertainty["units"] = "m";
  const json source = plane_attributes(
      "source of the elevation: an id of the group attribute provenance_json, 0 = none", crs_wkt);
  writer.add_plane(kElevationArray, cell.elevation, std::move(elevation));
  writer.add_plane(kUncertaintyArray, cell.uncertainty, std::move(uncertainty));
  writer.add_plane(kSourceArray, cell.source, source);
  add_coordinates(writer, lattice, cell.window);
  writer.add_scalar("spatial_ref", grid_mapping(lattice, cell.window, crs_wkt));
}

}  // namespace topobathy
