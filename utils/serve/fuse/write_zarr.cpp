#include "utils/serve/fuse/write_zarr.h"

#include <set>

#include "cache/fused_zarr.h"
#include "cache/json_text.h"
#include "cache/read_file.h"
#include "utils/serve/source_rows.h"

namespace topobathy {
namespace {

using nlohmann::json;

json provider_names(const std::map<SourceId, SourceRecord>& sources) {
  std::set<std::string> names;
  for (const auto& [id, record] : sources)
    if (!record.provider.empty()) names.insert(record.provider);
  return names;
}

json zarr_attributes(const FusedRaster& raster, const FuseRequest& request, const AreaScan& scan) {
  const Policy& policy = raster.policy();
  const LonLatBox& box = *request.open.bbox;
  return {{"Conventions", "CF-1.8"},
          {"policy", json_from_bytes(policy.name)},
          {"policy_hash", policy.hash},
          {"crs", raster.lattice().crs()},
          {"pixel_size", raster.lattice().pixel_size()},
          {"bbox", {box.west, box.south, box.east, box.north}},
          {"vertical_datum", policy.vertical_crs.value_or("")},
          {"providers_used", provider_names(scan.sources)},
          {"provenance_json", canonical_text(source_rows(scan.sources))},
          {"created_at", utc_now()}};
}

}  // namespace

Bytes write_zarr(FusedRaster& raster, const FuseRequest& request, const AreaScan& scan,
                 const std::function<bool()>& gone) {
  LayerPlanes planes;
  raster.read(0, raster.extent(), {}, planes, [&](double) { return !gone(); });
  FusedCell area;
  area.window = area.fused = planes.window;
  area.elevation = std::move(planes.elevation);
  area.uncertainty = std::move(planes.uncertainty);
  area.source = std::move(planes.source);
  ZarrWriter writer;
  add_fused_arrays(writer, raster.lattice(), area, raster.crs_wkt());
  return writer.finish(zarr_attributes(raster, request, scan));
}

}  // namespace topobathy
