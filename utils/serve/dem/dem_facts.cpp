#include "cache/json_text.h"
#include "cache/policy_copy.h"
#include "providers/align/crs.h"
#include "providers/align/transformer.h"
#include "utils/serve/dem/dem_handlers.h"
#include "utils/serve/dem/dem_window.h"
#include "utils/serve/http_error.h"
#include "utils/serve/source_rows.h"

namespace topobathy {
namespace {

using nlohmann::json;

constexpr double kMetresOfDegree = 111320.0;  ///< of the lattice: docs/architecture.md, Geometry

/// Pixels of the level's lattice as a box of its CRS: left, bottom, right, top.
CrsBox crs_box_of(const DemDataset& dataset, const LatticeWindow& window) {
  const double pixel = dataset.lattice.pixel_size;
  return {static_cast<double>(window.col) * pixel, -static_cast<double>(window.bottom()) * pixel,
          static_cast<double>(window.right()) * pixel, -static_cast<double>(window.row) * pixel};
}

/// In degrees, west, south, east, north; east may pass 180. Null where PROJ knows no way.
json lonlat_bounds(const DemDataset& dataset, const LatticeWindow& window) {
  try {
    const auto box =
        Transformer(dataset.lattice.crs, "EPSG:4326").transform_box(crs_box_of(dataset, window));
    return box ? json{box->left, box->bottom, box->right, box->top} : json();
  } catch (const Error&) {
    return nullptr;
  }
}

double metres_of_pixel(const DemDataset& dataset) {
  const CrsTraits traits = crs_traits(dataset.lattice.crs);
  const bool is_geographic = traits.kind == CrsTraits::Kind::kGeographic;
  return dataset.lattice.pixel_size * (is_geographic ? kMetresOfDegree : traits.unit);
}

std::map<std::string, std::string> policy_names(const std::string& root) {
  std::map<std::string, std::string> names;
  for (const PolicyCopy& copy : policy_copies(root))
    names[copy.policy8] = copy.name;
  return names;
}

json dataset_row(const DemDataset& dataset, const std::map<std::string, std::string>& names) {
  constexpr std::size_t kShort = 8;
  const std::string policy8 = dataset.lattice.policy_hash.substr(0, kShort);
  const auto name = names.find(policy8);
  const LatticeWindow window = dataset.window();
  return {{"id", dataset.id},
          {"policy", name == names.end() ? json() : json_from_bytes(name->second)},
          {"policy_hash", json_from_bytes(policy8)},
          {"policy_hash_full", json_from_bytes(dataset.lattice.policy_hash)},
          {"crs", json_from_bytes(dataset.lattice.crs)},
          {"level", dataset.lattice.level},
          {"cell_count", dataset.cells.size()},
          {"cell_size", dataset.lattice.cell_size},
          {"resolution_m", metres_of_pixel(dataset)},
          {"dx", dataset.lattice.pixel_size},
          {"dy", dataset.lattice.pixel_size},
          {"width", window.width},
          {"height", window.height},
          {"bbox", lonlat_bounds(dataset, window)}};
}

}  // namespace

ServiceAnswer list_dem(CellCatalogue& catalogue, const ServiceRequest& request) {
  (void)Parameters::of_query(request, {"source"});  // clients of the Python system send it
  const auto names = policy_names(catalogue.root());
  json rows = json::array();
  for (const DemDataset& dataset : *catalogue.datasets()) {
    try {
      rows.push_back(dataset_row(dataset, names));
    } catch (const Error&) {
      continue;  // of a CRS that this PROJ does not know
    }
  }
  return json_answer(rows);
}

ServiceAnswer dem_meta(CellCatalogue& catalogue, const ServiceRequest& request) {
  const Parameters query = Parameters::of_query(request, kDemWindowNames);
  const DemDataset dataset = catalogue.find(request.parts.at(0));
  const DemWindow window = asked_dem_window(query, dataset);
  const auto tables =
      read_dem(catalogue.root(), dataset, window, {false, false, false}, request.gone);
  const LatticeWindow whole = dataset.window();
  const CrsBox box = crs_box_of(dataset, window.window);
  json row = dataset_row(dataset, policy_names(catalogue.root()));
  row["full_width"] = whole.width;
  row["full_height"] = whole.height;
  row["width"] = window.width();
  row["height"] = window.height();
  row["scale"] = window.stride;
  row["window"] = {{"col", window.window.col - whole.col},
                   {"row", window.window.row - whole.row},
                   {"width", window.window.width},
                   {"height", window.window.height}};
  row["bounds"] = lonlat_bounds(dataset, window.window);
  row["crs_bounds"] = {box.left, box.bottom, box.right, box.top};
  row["sources"] = source_rows(tables.sources);
  return json_answer(row);
}

ServiceAnswer dem_cell_at(CellCatalogue& catalogue, const ServiceRequest& request) {
  const Parameters query = Parameters::of_query(request, {"lat", "lon"});
  const DemDataset dataset = catalogue.find(request.parts.at(0));
  const auto lat = query.number("lat", -90, 90), lon = query.number("lon", -540, 540);
  if (!lat || !lon) query.refuse("give \"lat\" and \"lon\" in degrees");
  double x = *lon, y = *lat;
  Transformer("EPSG:4326", dataset.lattice.crs).transform(1, &x, &y);
  const double period = 2.0 * crs_world(dataset.lattice.crs).half_width;
  for (const double turn : {0.0, period, -period}) {
    const double col = std::floor((x + turn) / dataset.lattice.edge());
    const double row = std::floor(-y / dataset.lattice.edge());
    if (!(std::abs(col) < 1e12) || !(std::abs(row) < 1e12)) continue;
    const DemDataset::Place place{static_cast<std::int64_t>(row), static_cast<std::int64_t>(col)};
    const auto cell = dataset.cells.find(place);
    if (cell == dataset.cells.end()) continue;
    const std::int64_t edge = dataset.lattice.cell_size;
    return json_answer(
        {{"cell", cell->second.substr(cell->second.rfind('/') + 1)},
         {"col", place.second},
         {"row", place.first},
         {"bbox", lonlat_bounds(dataset, {place.second * edge, place.first * edge, edge, edge})}});
  }
  throw HttpError(404, "no cell of the dataset lies there");
}

}  // namespace topobathy
