#include <gtest/gtest.h>

#include "archives/usgs_lidar_fixture.h"
#include "providers/usgs_lidar/survey_facts.h"

namespace topobathy {
namespace {

TEST_F(UsgsLidar, TouchesNothingBeforeItIsAsked) {
  for (const char* product : {"copc", "copc_file", "ept"}) {
    step_.product = product;
    archive();
  }
  EXPECT_TRUE(http_->calls().empty());
  EXPECT_TRUE(directory_.files().empty());
}

TEST(SurveyFacts, TheYearIsTakenFromTheNameOfTheProject) {
  EXPECT_EQ(2014, year_of_project("USGS_LPC_NY_LongIsland_Z18_2014_LAS_2015"));
  EXPECT_EQ(2023, year_of_project("CA_SantaCruz_1_B23"));
  EXPECT_EQ(2019, year_of_project("MI_7Counties_2019_A19"));
  EXPECT_EQ(0, year_of_project("ARRA-LFTNE_MASSACHUSETTS"));
  EXPECT_EQ(0, year_of_project("NY_12345_Z1"));
}

}  // namespace
}  // namespace topobathy
