#include "providers/ncei_bag/bag_file_name.h"

#include <gtest/gtest.h>

namespace topobathy {
namespace {

TEST(BagFileName, TellsTheResolution) {
  EXPECT_EQ(0.5, parse_bag_file_name("H12696_MB_50cm_MLLW_1of3").resolution);
  EXPECT_EQ(4.0, parse_bag_file_name("H12696_MB_4m_MLLW_1of3").resolution);
  EXPECT_EQ(0.5, parse_bag_file_name("H12696_MB_0.5m_MLLW_1of3").resolution);
  EXPECT_EQ(128.0, parse_bag_file_name("W00431_MB_128m_MLLW_Combined").resolution);
  EXPECT_EQ(0.0, parse_bag_file_name("H12696_MB_VR_MLLW_1of3").resolution);
  EXPECT_TRUE(parse_bag_file_name("H12696_MB_VR_MLLW_1of3").is_variable);
  EXPECT_FALSE(parse_bag_file_name("H12696_MB_4m_MLLW_1of3").is_variable);
  EXPECT_EQ(0.0, parse_bag_file_name("random_name").resolution);
}

TEST(BagFileName, TellsTheSurvey) {
  for (const char* survey : {"H12696", "W00181", "E01096", "F00810", "D00185"})
    EXPECT_EQ(survey, parse_bag_file_name(std::string(survey) + "_MB_4m_MLLW_1of1").survey);
  EXPECT_EQ("unknown_file", parse_bag_file_name("unknown_file").survey);
  EXPECT_EQ("H1234_MB", parse_bag_file_name("H1234_MB").survey);
  EXPECT_EQ("", parse_bag_file_name("").survey);
  EXPECT_EQ("___", parse_bag_file_name("___").survey);
}

TEST(BagFileName, TellsMethodDatumAndPart) {
  const BagFileName name = parse_bag_file_name("H12023_MBVB_4m_MLLW_3of12");
  EXPECT_EQ("MBVB", name.method);
  EXPECT_EQ("MLLW", name.datum);
  EXPECT_EQ(3, name.part);
  EXPECT_EQ(12, name.parts);
  EXPECT_EQ("Ellipsoid", parse_bag_file_name("H13412_MB_VR_ELLIPSOID").datum);
  EXPECT_EQ("LWD", parse_bag_file_name("H13607_MB_50cm_LWD_1of1").datum);
  EXPECT_EQ("MSL", parse_bag_file_name("D00165_MB_VR_MSL_1of1").datum);
  EXPECT_EQ("", parse_bag_file_name("H13607_MB_50cm").datum);
  EXPECT_EQ("", parse_bag_file_name("H13607_MLLW_50cm").method);
  EXPECT_EQ("LI", parse_bag_file_name("H11296_LI_5m_MLLW_Combined").method);
  EXPECT_EQ(0, parse_bag_file_name("H11296_LI_5m_MLLW_99999of1").parts);
}

TEST(BagFileName, ADatumIsAVerticalCrsOrNone) {
  const auto of = [](const char* datum) { return heights_of_datum(datum); };
  EXPECT_EQ("EPSG:5866", of("MLLW").crs);
  EXPECT_EQ(StatedBy::kArchive, of("MLLW").by);
  EXPECT_EQ("EPSG:5868", of("MHW").crs);
  EXPECT_EQ("EPSG:5714", of("MSL").crs);
  EXPECT_EQ("", of("LWD").crs);
  EXPECT_EQ(StatedBy::kArchive, of("LWD").by);
  EXPECT_EQ("EPSG:6319", of("Ellipsoid").crs);
  EXPECT_EQ(StatedBy::kProvider, of("Ellipsoid").by);
  EXPECT_EQ("EPSG:5866", of("").crs);
  EXPECT_EQ(StatedBy::kProvider, of("").by);
}

}  // namespace
}  // namespace topobathy
