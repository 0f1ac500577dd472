#include "utils/tiles/paint.h"

#include "driver/source_colour.h"
#include "tiles/tile_test.h"
#include "utils/tiles/colour_ramp.h"
#include "utils/tiles/hillshade.h"

namespace topobathy {
namespace {

using testing_support::kAllStyles;
using testing_support::TileTest;

class Paint : public TileTest {
 protected:
  Image painted(FusedRaster& raster, const LatticeWindow& window, TileStyle style) {
    return paint(read_tile_pixels(raster, 12, window, margin_of(style), {}), {style, {}, {}, 12});
  }
};

TEST_F(Paint, tiles_meet_as_if_they_were_drawn_at_once) {
  const auto raster = open_zoom(tile_policy(), 12);
  const LatticeWindow whole = asked({10, 540, 347}).window();
  const LatticeWindow at{whole.col * 4, whole.row * 4, 1024, 1024};
  for (const TileStyle style : kAllStyles) {
    const Image large = painted(*raster, at, style);
    std::int64_t shown = 0;
    for (int tile = 0; tile < 16; ++tile) {
      const int left = tile % 4 * 256, top = tile / 4 * 256;
      const Image part = painted(*raster, {at.col + left, at.row + top, 256, 256}, style);
      for (int r = 0; r < 256; ++r)
        for (int c = 0; c < 256; ++c) {
          ASSERT_EQ(part.row(r)[c], large.row(top + r)[left + c])
              << to_text(style) << " tile " << tile << " at " << c << ", " << r;
          shown += part.row(r)[c].alpha > 0;
        }
    }
    EXPECT_GT(shown, 1000) << to_text(style);
  }
}

TEST_F(Paint, what_has_no_value_is_transparent_and_has_no_rim) {
  const auto raster = open_zoom(tile_policy(), 12);
  const LatticeWindow window = asked({12, 2162, 1388}).window();
  const TilePixels pixels = read_tile_pixels(*raster, 12, window, kShadeMargin, {});
  for (const TileStyle style : {TileStyle::kChart, TileStyle::kHillshade, TileStyle::kSource}) {
    const Image image = paint(pixels, {style, {}, {}, 12});
    for (int r = 0; r < image.height; ++r)
      for (int c = 0; c < image.width; ++c) {
        const bool value =
            !std::isnan(pixels.planes.elevation.at(pixels.left() + c, pixels.top() + r));
        const Rgba pixel = image.row(r)[c];
        ASSERT_EQ(pixel.alpha, value ? 255 : 0);
        ASSERT_TRUE(value || pixel == Rgba{});
      }
  }
}

TEST(Hillshade, a_plane_has_the_light_of_its_slope_in_ground_metres_up_to_its_rim) {
  CrsTraits traits;
  traits.kind = CrsTraits::Kind::kMercator;
  for (const int zoom : {6, 10, 14}) {
    const Lattice lattice = Lattice::from_zoom("EPSG:3857", traits, zoom);
    const std::int64_t row =
        -(std::int64_t{1} << (zoom + 5));  // 48.9 N: a pixel is 2/3 of its size
    const GroundPixel ground = lattice.ground_pixel(row);
    const LatticeWindow window{0, row, 12, 12};
    Plane<float> plane(12, 12);
    for (int r = 0; r < 12; ++r)
      for (int c = 0; c < 12; ++c)
        plane.at(c, r) = static_cast<float>(0.05 * c * ground.width + 0.02 * r * ground.height);
    plane.at(5, 5) = plane.at(5, 6) = plane.at(9, 2) = kNoValue;
    const LatticeWindow inner{1, row + 1, 10, 10};
    const Plane<float> light = hillshade(lattice, plane, window, inner);
    // 0.05 up to the east, 0.02 up to the south; the formula of hillshade.h by hand.
    const double slope = std::hypot(0.05, 0.02), gain = 8 / (1 + 3.2 * slope);
    const double e = gain * 0.05, n = gain * -0.02;
    const double expected = (std::sqrt(0.5) + 0.5 * e - 0.5 * n) / std::sqrt(1 + e * e + n * n);
    for (int r = 0; r < 10; ++r)
      for (int c = 0; c < 10; ++c) {
        if (std::isnan(plane.at(c + 1, r + 1)))
          EXPECT_TRUE(std::isnan(light.at(c, r)));
        else
          EXPECT_NEAR(light.at(c, r), expected, 0.004) << zoom << ": " << c << ", " << r;
      }
  }
}

TEST(Hillshade, level_ground_has_the_light_of_45_degrees) {
  EXPECT_FLOAT_EQ(light_on(0, 0), std::sqrt(0.5F));
  EXPECT_GT(light_on(0.1F, -0.1F), light_on(-0.1F, 0.1F)) << "the sun stands in the north-west";
  EXPECT_EQ(light_on(-50, 50), 0.0F);
}

TEST(ColourRamp, breaks_at_the_shore_and_ends_where_it_is_told) {
  const ColourRamp chart = ramp_of(TileStyle::kChart, {}, {});
  EXPECT_GT(chart.at(-0.001F).blue, chart.at(-0.001F).red) << "water";
  EXPECT_LT(chart.at(0.0F).blue, chart.at(0.0F).red) << "sand";
  const ColourRamp shallow = ramp_of(TileStyle::kChart, -20.0, 50.0);
  EXPECT_EQ(shallow.at(-20).blue, chart.at(-11000).blue);
  EXPECT_EQ(shallow.at(-500).blue, chart.at(-11000).blue);
  EXPECT_EQ(shallow.at(50).red, 255.0F);
  EXPECT_EQ(shallow.at(0).red, chart.at(0).red);
  for (const auto& [low, high] : {std::pair{5.0, 9.0}, {-9.0, -5.0}})
    EXPECT_EQ(ramp_of(TileStyle::kClassic, low, high).at(0).red,
              ramp_of(TileStyle::kClassic, {}, {}).at(0).red);
}

TEST(ColourRamp, is_the_same_from_wherever_it_is_looked_up) {
  const ColourRamp ramp = ramp_of(TileStyle::kChart, {}, {});
  for (float metres = -12000; metres < 7000; metres += 37) {
    std::size_t near = static_cast<std::size_t>(std::abs(metres)) % (ramp.stops().size() + 1);
    EXPECT_EQ(ramp.at(metres, near).green, ramp.at(metres).green) << metres;
  }
}

}  // namespace
}  // namespace topobathy
