#include <cstring>

#include "utils/serve/dem/dem_handlers.h"
#include "utils/serve/dem/dem_window.h"

namespace topobathy {
namespace {

template <class T>
ServiceAnswer grid_answer(const Plane<T>& plane, const DemWindow& window, const char* name) {
  auto bytes = std::make_shared<Bytes>(plane.size() * sizeof(T));
  if (!bytes->empty()) std::memcpy(bytes->data(), plane.data(), bytes->size());
  ServiceAnswer answer;
  answer.type = "application/octet-stream";
  answer.headers = {{"X-Grid-Width", std::to_string(plane.width())},
                    {"X-Grid-Height", std::to_string(plane.height())},
                    {"X-Grid-Stride", std::to_string(window.stride)},
                    {"Content-Disposition", std::string("attachment; filename=\"") + name + "\""},
                    {"Cache-Control", "no-cache"}};
  answer.body = std::shared_ptr<const Bytes>(std::move(bytes));
  return answer;
}

}  // namespace

ServiceAnswer dem_elevation(CellCatalogue& catalogue, const ServiceRequest& request) {
  const Parameters query = Parameters::of_query(request, kDemWindowNames);
  const DemDataset dataset = catalogue.find(request.parts.at(0));
  const DemWindow window = asked_dem_window(query, dataset);
  const DemPlanes planes =
      read_dem(catalogue.root(), dataset, window, {true, false, false}, request.gone);
  return grid_answer(planes.elevation, window, "elevation.bin");
}

ServiceAnswer dem_provenance(CellCatalogue& catalogue, const ServiceRequest& request) {
  const Parameters query = Parameters::of_query(request, kDemWindowNames);
  const DemDataset dataset = catalogue.find(request.parts.at(0));
  const DemWindow window = asked_dem_window(query, dataset);
  const DemPlanes planes =
      read_dem(catalogue.root(), dataset, window, {false, false, true}, request.gone);
  return grid_answer(planes.source, window, "provenance.bin");
}

}  // namespace topobathy
