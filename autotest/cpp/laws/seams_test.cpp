// Many files are one surface: no seam where they share an edge, at the antimeridian, or at a pole.
#include "laws/law_test.h"

namespace topobathy {
namespace {

using testing_support::difference;
using testing_support::LawTest;
using testing_support::read_all;
using testing_support::SmallRaster;
using testing_support::valid_pixels;
using testing_support::write_raster;

constexpr const char* kResamplings[] = {"auto", "nearest", "bilinear", "cubic", "average"};

double waves(double col, double row) {
  return 20 * std::sin(col / 7) * std::cos(row / 9) + col * 0.25 - row * 0.125 - 30;
}

/// 128 x 96 pixels of 10 m in UTM, with holes.
SmallRaster whole_raster() {
  SmallRaster raster;
  raster.crs = "EPSG:26919";
  raster.left = 357000, raster.top = 4762000, raster.pixel = 10;
  raster.width = 128, raster.height = 96;
  raster.surveys = true;
  raster.nodata = -9999;
  raster.value = [](int c, int r) {
    return (c / 9 + r / 7) % 11 == 3 ? std::nan("") : waves(c, r);
  };
  return raster;
}

class Seams : public LawTest {
 protected:
  /// Four tiles of the raster, upper left first.
  std::string split(const SmallRaster& whole, int at_col, int at_row) const {
    std::string list;
    for (const bool low : {false, true}) {
      for (const bool right : {false, true}) {
        const int from_col = right ? at_col : 0, from_row = low ? at_row : 0;
        const SmallRaster tile =
            whole.cut(from_col, from_row, right ? whole.width - at_col : at_col,
                      low ? whole.height - at_row : at_row);
        const std::string name = std::string("tile") + (low ? 's' : 'n') + (right ? 'e' : 'w');
        write_raster(path(name + ".tif"), tile);
        list += (list.empty() ? "" : ", ") + name + ".tif";
      }
    }
    return "[" + list + "]";
  }
  std::string step(const std::string& files, const std::string& resampling) const {
    return "  - {provider: raster, path: " + files + ", resampling: " + resampling + "}\n";
  }
  void expect_equal(const SmallRaster& whole, const std::string& tiles, const std::string& root) {
    write_raster(path("whole.tif"), whole);
    for (const std::string resampling : kResamplings) {
      const auto one = open(policy(root, step("whole.tif", resampling), "", "whole.yaml"));
      const auto four = open(policy(root, step(tiles, resampling), "", "tiles.yaml"));
      for (int level = 0; level <= 3; ++level) {
        const LatticeWindow& extent = one->extent();
        const LatticeWindow window{extent.col >> level, extent.row >> level, extent.width >> level,
                                   extent.height >> level};
        const LayerPlanes expected = read_all(*one, level, window);
        EXPECT_GT(valid_pixels(expected.elevation), 20U);
        ASSERT_EQ(difference(read_all(*four, level, window), expected), "")
            << resampling << ", level " << level << '\n'
            << root;
      }
    }
  }
};

constexpr const char* kDegrees =
    "crs: EPSG:4326\nresolution: 12\nextent: [-70.76, 42.985, -70.73, 43.005]\n";
constexpr const char* kUtm =
    "crs: EPSG:26919\nresolution: 10\nextent: [-70.76, 42.985, -70.73, 43.005]\n";

TEST_F(Seams, TilesOfOneGridAreTheUnsplitRaster) {
  const SmallRaster whole = whole_raster();
  const std::string tiles = split(whole, 70, 42);
  expect_equal(whole, tiles, kDegrees);
  expect_equal(whole, tiles, kUtm);
}

TEST_F(Seams, TilesWithOverviewsAreTheUnsplitRasterWithThem) {
  SmallRaster whole = whole_raster();
  whole.overviews = {2, 4};
  const std::string tiles = split(whole, 56, 56);
  expect_equal(whole, tiles, kDegrees);
}

/// Two grids of other pixel sizes that share the edge x = 357610.
TEST_F(Seams, NeighboursOfOtherGridsLeaveNoGap) {
  SmallRaster west = whole_raster(), east = whole_raster();
  for (SmallRaster* one : {&west, &east}) {
    one->surveys = false;
    one->value = [](int, int) { return 5.0; };
  }
  west.width = 61;
  east.left = 357610, east.pixel = 7, east.width = 90, east.height = 137;
  write_raster(path("west.tif"), west);
  write_raster(path("east.tif"), east);
  for (const char* crs : {"EPSG:4326", "EPSG:3857", "EPSG:26919"}) {
    for (const double resolution : {4.0, 9.0, 25.0, 33.0, 60.0}) {
      for (const std::string resampling : kResamplings) {
        const auto raster =
            open(policy("crs: " + std::string(crs) + "\nresolution: " + std::to_string(resolution) +
                            "\nextent: [-70.752, 42.9945, -70.743, 42.9985]\n",
                        step("[west.tif, east.tif]", resampling)));
        const LayerPlanes planes = read_all(*raster);
        Transformer to_utm(crs, "EPSG:26919");
        for (std::int64_t r = 0; r < planes.window.height; ++r) {
          for (std::int64_t c = 0; c < planes.window.width; ++c) {
            double x = raster->lattice().centre_x(planes.window.col + c);
            double y = raster->lattice().centre_y(planes.window.row + r);
            to_utm.transform(1, &x, &y);
            const double margin = 40;  // away from the outer edges
            if (x < 357000 + margin || x > 358240 - margin || y > 4762000 - margin ||
                y < 4761041 + margin)
              continue;
            ASSERT_EQ(planes.elevation.at(c, r), 5.0F)
                << crs << ' ' << resolution << " m, " << resampling << ", x " << x;
          }
        }
      }
    }
  }
}

/// Half-degree pixels round the world; `left` is where the file is cut.
SmallRaster world(double left) {
  SmallRaster raster;
  raster.left = left, raster.top = 90, raster.pixel = 0.5;
  raster.width = 720, raster.height = 360;
  raster.value = [=](int c, int r) {
    const double lon = (left + 0.5 * c + 0.25) * 3.14159265358979323846 / 180;
    return 100 * std::sin(lon) + 40 * std::cos(3 * lon) + r * 0.25;
  };
  return raster;
}

TEST_F(Seams, AGlobalRasterHasNoSeamAtTheAntimeridian) {
  write_raster(path("cut_at_180.tif"), world(-180));
  write_raster(path("cut_at_0.tif"), world(0));
  for (const std::string crs : {"EPSG:4326", "EPSG:3857"}) {
    const std::string root = "crs: " + crs + "\nresolution: 20000\nextent: [174, -12, -171, 15]\n";
    for (const std::string resampling : kResamplings) {
      const auto cut = open(policy(root, step("cut_at_180.tif", resampling), "", "cut.yaml"));
      const auto uncut = open(policy(root, step("cut_at_0.tif", resampling), "", "uncut.yaml"));
      const LayerPlanes a = read_all(*cut), b = read_all(*uncut);
      EXPECT_GT(a.window.width, 60);
      for (std::size_t p = 0; p < a.elevation.size(); ++p) {
        ASSERT_FALSE(std::isnan(a.elevation.data()[p])) << crs << ' ' << resampling << ' ' << p;
        // Half a pixel of rounding for nearest, none to speak of for the others.
        ASSERT_NEAR(a.elevation.data()[p], b.elevation.data()[p],
                    resampling == "nearest" ? 3.0 : 1e-3)
            << crs << ' ' << resampling << ' ' << p;
      }
    }
  }
}

TEST_F(Seams, PolesAreReadLikeAnyOtherPlace) {
  write_raster(path("world.tif"), world(-180));
  SmallRaster local = whole_raster();
  write_raster(path("local.tif"), local);
  for (const char* extent : {"[-30, 86, 30, 90]", "[-30, -90, 30, -86]"}) {
    const auto raster = open(
        policy("crs: EPSG:4326\nresolution: 20000\nextent: " + std::string(extent) + "\n",
               "  - {provider: raster, name: world, path: world.tif}\n"
               "  - {provider: raster, name: local, path: local.tif, operator: metric_feather, "
               "blend_distance: 5000, filter: {max_interpolation_gap_m: 50000}}\n"));
    const LayerPlanes planes = read_all(*raster);
    for (std::int64_t r = 0; r < planes.window.height; ++r)
      for (std::int64_t c = 0; c < planes.window.width; ++c)
        ASSERT_EQ(std::isnan(planes.elevation.at(c, r)),
                  std::fabs(raster->lattice().centre_y(planes.window.row + r)) > 90)
            << extent << ' ' << c << ' ' << r;
  }
}

}  // namespace
}  // namespace topobathy
