// However a reader walks through a raster that nothing is stored for, each pixel is fused once.
#include "laws/law_test.h"

namespace topobathy {
namespace {

using testing_support::difference;
using testing_support::LawTest;
using testing_support::read_all;
using testing_support::SmallRaster;
using testing_support::write_raster;

constexpr BandSelection kElevation{true, false, false};
constexpr BandSelection kSource{false, false, true};

class ReadOrder : public LawTest {
 protected:
  /// 1160 x 1100 pixels, in 4 x 3 cells of 512.
  std::shared_ptr<FusedRaster> open_sloping_raster() {
    SmallRaster raster;
    raster.crs = "EPSG:26919";
    raster.left = 352000, raster.top = 4765000, raster.pixel = 100;
    raster.width = 120, raster.height = 115;
    raster.surveys = true;
    raster.nodata = -9999;
    raster.value = [](int c, int r) { return c * 0.5 - r * 0.25 - 40; };
    write_raster(path("slope.tif"), raster);
    return open(policy("crs: EPSG:26919\nresolution: 10\nextent: [-70.80, 42.93, -70.66, 43.02]\n",
                       "  - {provider: raster, path: slope.tif}\n"));
  }
  static std::int64_t fused(const FusedRaster& raster) {
    return raster.counters().cells_fused.load();
  }
};

TEST_F(ReadOrder, BandsAskedInTurnAreFusedTogether) {
  const auto raster = open_sloping_raster();
  const LatticeWindow extent = raster->extent();
  LayerPlanes planes;
  std::int64_t before = 0, strips = 0;
  for (std::int64_t row = extent.row; row + 512 <= extent.bottom(); row += 512, ++strips) {
    const LatticeWindow strip{extent.col, row, extent.width, 512};
    raster->read(0, strip, kElevation, planes, nullptr);
    const std::int64_t after = fused(*raster);
    EXPECT_GT(after, before);
    raster->read(0, strip, kSource, planes, nullptr);
    EXPECT_EQ(fused(*raster), after) << "strip " << strips;
    before = after;
  }
  EXPECT_EQ(strips, 2);
}

TEST_F(ReadOrder, WhoAsksOneBandPaysForOne) {
  const auto raster = open_sloping_raster();
  const LatticeWindow extent = raster->extent();
  LayerPlanes planes;
  raster->read(0, {extent.col, extent.row, extent.width, 512}, kElevation, planes, nullptr);
  raster->read(0, {extent.col, extent.row + 512, extent.width, 512}, kElevation, planes, nullptr);
  const std::int64_t before = fused(*raster);
  raster->read(0, {extent.col, extent.row + 512, extent.width, 512}, kSource, planes, nullptr);
  EXPECT_GT(fused(*raster), before) << "the second strip came without its sources";
}

TEST_F(ReadOrder, LineByLineEachCellIsFusedOnce) {
  const auto raster = open_sloping_raster();
  const LatticeWindow extent = raster->extent();
  const LayerPlanes whole = read_all(*open_sloping_raster());
  const Lattice& lattice = raster->lattice();
  const CellIndex first = lattice.cell_of(extent.col, extent.row);
  const CellIndex last = lattice.cell_of(extent.right() - 1, extent.bottom() - 1);
  for (std::int64_t row = extent.row; row < extent.bottom(); row += 37)
    ASSERT_EQ(difference(read_all(*raster, 0, {extent.col, row, extent.width, 1}), whole), "");
  EXPECT_EQ(fused(*raster), (last.col - first.col + 1) * (last.row - first.row + 1));
}

}  // namespace
}  // namespace topobathy
