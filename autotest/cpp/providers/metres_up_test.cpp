#include "providers/raster/metres_up.h"

#include <memory>

#include <gdal_priv.h>
#include <gtest/gtest.h>

namespace topobathy {
namespace {

class MetresUp : public ::testing::Test {
 protected:
  MetresUp() {
    GDALAllRegister();
    GDALDriver* const memory = GetGDALDriverManager()->GetDriverByName("MEM");
    dataset_.reset(memory->Create("", 1, 1, 1, GDT_Float32, nullptr));
  }
  GDALRasterBand& band() { return *dataset_->GetRasterBand(1); }

 private:
  std::unique_ptr<GDALDataset> dataset_;
};

TEST_F(MetresUp, no_unit_metres_and_what_is_no_length_are_metres) {
  for (const char* const unit : {"", "m", "METERS", "metre", "degrees", "1"}) {
    band().SetUnitType(unit);
    EXPECT_EQ(1.0, metres_up(band())) << unit;
  }
}

TEST_F(MetresUp, feet_of_both_kinds_and_other_lengths_are_converted) {
  const std::pair<const char*, double> units[] = {{"ft", 0.3048},
                                                  {"Feet", 0.3048},
                                                  {"US survey foot", 1200.0 / 3937.0},
                                                  {"us-ft", 1200.0 / 3937.0},
                                                  {"fathom", 1.8288},
                                                  {"cm", 0.01}};
  for (const auto& [unit, metres] : units) {
    band().SetUnitType(unit);
    EXPECT_DOUBLE_EQ(metres, metres_up(band())) << unit;
  }
}

TEST_F(MetresUp, depths_are_turned_where_the_band_says_so) {
  band().SetMetadataItem("standard_name", "sea_floor_depth_below_geoid");
  EXPECT_EQ(-1.0, metres_up(band()));
  band().SetMetadataItem("positive", "up");
  EXPECT_EQ(1.0, metres_up(band())) << "positive is the plainer word";
  band().SetMetadataItem("positive", "down");
  band().SetUnitType("ft");
  EXPECT_EQ(-0.3048, metres_up(band()));
}

TEST_F(MetresUp, a_height_above_the_sea_is_up) {
  for (const char* const name : {"height_above_mean_sea_level", "surface_altitude"}) {
    band().SetMetadataItem("standard_name", name);
    EXPECT_EQ(1.0, metres_up(band())) << name;
  }
}

}  // namespace
}  // namespace topobathy
