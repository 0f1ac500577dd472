#include "providers/align/lattice_rings.h"

#include "providers/align/crs.h"
#include "providers/align/transformer.h"

namespace topobathy {
namespace {

/// Points along an edge, so that a straight edge in lon/lat stays where it is on a projected
/// lattice.
void densify(LonLat from, LonLat to, std::vector<double>& x, std::vector<double>& y) {
  constexpr int kPieces = 64;
  for (int k = 0; k < kPieces; ++k) {
    const double t = static_cast<double>(k) / kPieces;
    x.push_back(from.lon + t * (to.lon - from.lon));
    y.push_back(from.lat + t * (to.lat - from.lat));
  }
}

}  // namespace

std::vector<ZoneMask::Ring> lattice_rings(const std::vector<LonLat>& ring, const Lattice& lattice) {
  const Transformer to_lattice("EPSG:4326", lattice.crs());
  std::vector<double> x, y;
  for (std::size_t k = 0; k < ring.size(); ++k) {
    if (to_lattice.identity()) {
      x.push_back(ring[k].lon);
      y.push_back(ring[k].lat);
    } else {
      densify(ring[k], ring[(k + 1) % ring.size()], x, y);
    }
  }
  to_lattice.transform(x.size(), x.data(), y.data());
  const double period = 2.0 * crs_world(lattice.crs()).half_width;
  std::vector<ZoneMask::Ring> turns(period > 0 ? 3 : 1);
  for (std::size_t k = 0; k < x.size(); ++k) {
    if (!(x[k] == x[k])) return {};
    for (std::size_t turn = 0; turn < turns.size(); ++turn)
      turns[turn].push_back(
          {x[k] + (static_cast<double>(turn) - (period > 0 ? 1.0 : 0.0)) * period, y[k]});
  }
  return turns;
}

}  // namespace topobathy
