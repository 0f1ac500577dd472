#include "laws/law_test.h"

namespace topobathy {
namespace {

using testing_support::LawTest;
using testing_support::read_all;
using testing_support::SmallRaster;
using testing_support::write_raster;

class FileLimits : public LawTest {};

/// Two files on one grid; the upper one is cut off by the filter, so the lower one shows and must
/// be the one that is named.
TEST_F(FileLimits, APixelThatTheFilterTakesOutDoesNotNameItsFile) {
  SmallRaster raster;
  raster.crs = "EPSG:26919";
  raster.left = 357000, raster.top = 4762000, raster.pixel = 10;
  raster.width = raster.height = 40;
  raster.value = [](int, int) { return -5.0; };
  write_raster(path("lower.tif"), raster);
  raster.value = [](int c, int) { return c < 20 ? -6.0 : 50.0; };
  write_raster(path("upper.tif"), raster);
  const auto fused = open(policy(
      "crs: EPSG:26919\nresolution: 10\nextent: [-70.752, 42.995, -70.748, 42.998]\n",
      "  - {provider: raster, path: [lower.tif, upper.tif], filter: {max_elevation: 10}}\n"));
  const LayerPlanes planes = read_all(*fused, 0, {35700, -476200, 40, 40});
  std::map<std::string, SourceId> id;
  for (const auto& [number, record] : fused->sources())
    id[record.survey_id] = number;
  EXPECT_EQ(planes.elevation.at(5, 5), -6.0F);
  EXPECT_EQ(planes.source.at(5, 5), id["upper"]);
  EXPECT_EQ(planes.elevation.at(30, 5), -5.0F);
  EXPECT_EQ(planes.source.at(30, 5), id["lower"]);
}

}  // namespace
}  // namespace topobathy
