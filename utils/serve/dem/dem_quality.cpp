#include <cmath>

#include "providers/align/crs.h"
#include "utils/serve/analysis/analysis_handlers.h"
#include "utils/serve/analysis/quality_json.h"
#include "utils/serve/dem/dem_handlers.h"
#include "utils/serve/dem/dem_window.h"
#include "utils/serve/http_error.h"

namespace topobathy {
namespace {

/// The lattice that a stored cell names, for ground distances.
Lattice lattice_of_cells(const CellFacts& facts) {
  constexpr double kMetresOfDegreeHere = 111320.0;
  const CrsTraits traits = crs_traits(facts.crs);
  const double base = std::ldexp(facts.pixel_size, -facts.level);
  const bool is_geographic = traits.kind == CrsTraits::Kind::kGeographic;
  const Lattice lattice =
      Lattice::from_resolution(facts.crs, traits,
                               base * (is_geographic ? kMetresOfDegreeHere : traits.unit))
          .at_level(facts.level);
  if (std::abs(lattice.pixel_size() - facts.pixel_size) > 1e-9 * facts.pixel_size)
    throw HttpError(422, "the cells are of a lattice that this version does not know");
  return lattice;
}

}  // namespace

ServiceAnswer dem_quality(CellCatalogue& catalogue, const ServiceRequest& request) {
  Parameters::Names names = kDemWindowNames;
  names.emplace_back("resolution");  // clients of the Python system send it; cells have their own
  const Parameters query = Parameters::of_query(request, names);
  const DemDataset dataset = catalogue.find(request.parts.at(0));
  DemWindow window = asked_dem_window(query, dataset);
  window.stride = 1;
  if (window.window.area() > kMostQualityPixels)
    throw HttpError(413, "the window has " + std::to_string(window.window.width) + " x " +
                             std::to_string(window.window.height) +
                             " pixels; one report looks at " + std::to_string(kMostQualityPixels) +
                             " at most: ask for a smaller one");
  DemPlanes planes = read_dem(catalogue.root(), dataset, window, {true, false, true}, request.gone);
  const Lattice lattice = lattice_of_cells(dataset.lattice);
  LayerPlanes area;
  area.window = window.window;
  area.elevation = std::move(planes.elevation);
  area.source = std::move(planes.source);
  return json_answer(
      quality_json(lattice, area.window, assess_quality(lattice, area), planes.sources));
}

}  // namespace topobathy
