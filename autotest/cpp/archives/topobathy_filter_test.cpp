#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "archives/topobathy_fixture.h"

namespace topobathy {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

TEST_F(Topobathy, CudemIsLeftToItsOwnProvider) {
  MadeProject cudem{"NCEI_ninth_Topobathy_2014_8483", "3"};
  put({new_one(), cudem});
  EXPECT_THAT(told(made_.find(kInside)),
              ElementsAre("8483: no lidar project but CUDEM: use provider ncei_cudem",
                          "9999/tile_001.tif"));
  filter().project_ids = {"8483"};
  EXPECT_THAT(told(made_.find(kInside)), Contains("8483/tile_001.tif"))
      << "whoever names a project means it";
}

TEST_F(Topobathy, ProjectsOutOfTheListAreNotAskedAfter) {
  put({new_one(), old_one()});
  filter().project_ids = {"8888"};
  EXPECT_THAT(told(made_.find(kInside)),
              ElementsAre("9999: project 9999 is not in project_id", "8888/tile_001.tif"));
  for (const std::string& url : made_.http->calls())
    EXPECT_THAT(url, Not(HasSubstr("New_DEM")));
}

TEST_F(Topobathy, TheOrderOfTheListIsTheOrderOnTheGround) {
  put({new_one(), old_one()});
  filter().project_ids = {"8888", "9999"};
  EXPECT_THAT(told(made_.find(kInside)), ElementsAre("9999/tile_001.tif", "8888/tile_001.tif"));
}

TEST_F(Topobathy, FiltersSayWhyAProjectIsLeftOut) {
  MadeProject coarse = new_one();
  coarse.resolution = "5";
  put({coarse, old_one()});
  filter().min_year = 2015;
  filter().max_resolution = 2;
  EXPECT_THAT(told(made_.find(kInside)),
              UnorderedElementsAre("8888: of 2010, older than min_year 2015",
                                   "9999: pixels of 5 m are coarser than max_resolution 2"));
}

TEST_F(Topobathy, PatternsAreOnTheNamesOfFolders) {
  put({new_one(), old_one()});
  filter().include_patterns = {"New_*"};
  const std::string other = "'" + old_one().folder + "' is left out by include_patterns or ";
  EXPECT_THAT(told(made_.find(kInside)),
              UnorderedElementsAre("8888: " + other + "exclude_patterns", "9999/tile_001.tif"));
  filter().exclude_patterns = {"*"};
  EXPECT_THAT(told(made_.find(kInside)),
              testing::Each(HasSubstr("is left out by include_patterns or exclude_patterns")));
}

TEST_F(Topobathy, AnUnknownResolutionIsKept) {
  MadeProject unknown = new_one();
  unknown.resolution = "";
  put({unknown});
  filter().max_resolution = 2;
  EXPECT_THAT(told(made_.find(kInside)), ElementsAre("9999/tile_001.tif"));
}

TEST_F(Topobathy, TheTypeIsThatOfNameOrMetadata) {
  MadeProject land{"Land_DEM_1", "1"};
  land.title = "2016 King County DEM";
  MadeProject named{"Named_TopoBathy_2", "2"};
  named.title = "some DEM";
  MadeProject flagged{"Flagged_DEM_3", "3"};
  flagged.title = "2016 bathymetric DEM";
  put({land, named, flagged});
  EXPECT_THAT(told(made_.find(kInside)),
              UnorderedElementsAre("1: a topographic project, and project_type is topobathy",
                                   "2/tile_001.tif", "3/tile_001.tif"));
  filter().project_type = ProjectType::kTopographic;
  EXPECT_THAT(told(made_.find(kInside)),
              UnorderedElementsAre(
                  "1/tile_001.tif", "2: a topobathymetric project, and project_type is topographic",
                  "3: a topobathymetric project, and project_type is topographic"));
  filter().project_ids = {"1"};
  filter().project_type = ProjectType::kTopobathy;
  EXPECT_THAT(told(made_.find(kInside)), Contains("1/tile_001.tif"))
      << "whoever names a project means it";
}

}  // namespace
}  // namespace topobathy
