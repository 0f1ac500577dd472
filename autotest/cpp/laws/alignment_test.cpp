// Pixels lie where PROJ says: the grid of coordinates costs less than a tenth of a source pixel.
#include "laws/law_test.h"

namespace topobathy {
namespace {

using testing_support::LawTest;
using testing_support::read_all;
using testing_support::SmallRaster;
using testing_support::write_raster;

struct Place {
  const char* name;
  const char* source_crs;
  double left, top, pixel;
  int width, height;
  const char* lattice_crs;
  double resolution;
  const char* extent;
  int levels;
};
void PrintTo(const Place& place, std::ostream* out) {
  *out << place.name;
}

class Alignment : public LawTest, public ::testing::WithParamInterface<Place> {};

/// A raster whose value is its own column (or row): what is sampled tells where.
TEST_P(Alignment, ErrorsStayBelowATenthOfAPixel) {
  const Place& place = GetParam();
  SmallRaster ramp;
  ramp.crs = place.source_crs;
  ramp.left = place.left, ramp.top = place.top, ramp.pixel = place.pixel;
  ramp.width = place.width, ramp.height = place.height;
  for (const bool columns : {true, false}) {
    const std::string file = columns ? "columns.tif" : "rows.tif";
    ramp.value = [&](int c, int r) { return (columns ? c : r) + 0.5; };
    write_raster(path(file), ramp);
    const auto raster = open(policy("crs: " + std::string(place.lattice_crs) +
                                        "\nresolution: " + std::to_string(place.resolution) +
                                        "\nextent: " + place.extent + "\n",
                                    "  - {provider: raster, path: " + file + "}\n"));
    const Transformer to_source(place.lattice_crs, place.source_crs);
    for (int level = 0; level < place.levels; ++level) {
      const Lattice lattice = raster->lattice().at_level(level);
      const LatticeWindow& e = raster->extent();
      const LayerPlanes planes = read_all(
          *raster, level, {e.col >> level, e.row >> level, e.width >> level, e.height >> level});
      // The pixels sampled are at most as large as the lattice's.
      const double lattice_metres = place.resolution * static_cast<double>(1 << level);
      const double pixel_metres = place.pixel < 1 ? place.pixel * 111320 : place.pixel;
      const double sampled = std::max(1.0, lattice_metres / pixel_metres);
      std::size_t seen = 0;
      for (std::int64_t r = 0; r < planes.window.height; ++r) {
        for (std::int64_t c = 0; c < planes.window.width; ++c) {
          double x = lattice.centre_x(planes.window.col + c);
          double y = lattice.centre_y(planes.window.row + r);
          to_source.transform(1, &x, &y);
          const double col = (x - ramp.left) / ramp.pixel, row = (ramp.top - y) / ramp.pixel;
          const double edge = 3 * sampled;
          if (col < edge || row < edge || col > ramp.width - edge || row > ramp.height - edge)
            continue;
          ++seen;
          ASSERT_NEAR(planes.elevation.at(c, r), columns ? col : row, 0.1 * sampled)
              << "level " << level << ", column " << c << ", row " << r;
        }
      }
      EXPECT_GT(seen, 100U) << "level " << level;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Law1, Alignment,
    ::testing::Values(Place{"UtmOnDegrees", "EPSG:26919", 357000, 4762000, 10, 200, 200,
                            "EPSG:4326", 9, "[-70.755, 42.975, -70.725, 43.0]", 3},
                      Place{"UtmOnMercator", "EPSG:26919", 357000, 4762000, 10, 200, 200,
                            "EPSG:3857", 12, "[-70.755, 42.975, -70.725, 43.0]", 3},
                      Place{"WideUtmOnDegrees", "EPSG:26919", 200000, 5100000, 250, 1500, 1200,
                            "EPSG:4326", 300, "[-72.6, 43.4, -68.2, 45.9]", 5},
                      Place{"WideUtmOnMercator", "EPSG:26919", 200000, 5100000, 250, 1500, 1200,
                            "EPSG:3857", 400, "[-72.6, 43.4, -68.2, 45.9]", 5},
                      Place{"DegreesOnUtm", "EPSG:4326", -72.5, 46, 0.01, 440, 260, "EPSG:26919",
                            800, "[-72.4, 43.5, -68.3, 45.9]", 1},
                      Place{"PolarOnDegrees", "EPSG:3413", -1500000, 1500000, 5000, 600, 600,
                            "EPSG:4326", 4000, "[-60, 77, 60, 87]", 3}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace topobathy
