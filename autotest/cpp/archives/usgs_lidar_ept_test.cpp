#include <gdal_priv.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "archives/usgs_lidar_fixture.h"
#include "made_ept.h"
#include "providers/usgs_lidar/ept_index.h"

namespace topobathy {
namespace {

using namespace testing_support;
using testing::ElementsAre;
using testing::HasSubstr;

/// The middle of the square (column, row), degrees.
LonLatBox square(int column, int row) {
  const auto box = Transformer(kEptCrs, "EPSG:4326")
                       .transform_box({column * kEptTile, row * kEptTile, (column + 1) * kEptTile,
                                       (row + 1) * kEptTile});
  return to_lonlat_box(*box);
}
LonLatBox inside(const LonLatBox& box) {
  const double x = (box.east - box.west) / 10, y = (box.north - box.south) / 10;
  return {box.west + x, box.south + y, box.east - x, box.north - y};
}

nlohmann::json survey(const std::string& name, const LonLatBox& box) {
  const nlohmann::json ring = {{box.west, box.south},
                               {box.east, box.south},
                               {box.east, box.north},
                               {box.west, box.north},
                               {box.west, box.south}};
  return {{"type", "Feature"},
          {"properties", {{"name", name}, {"url", "x"}, {"count", 1e9}}},
          {"geometry", {{"type", "Polygon"}, {"coordinates", {ring}}}}};
}

class EptProduct : public UsgsLidar {
 protected:
  void SetUp() override {
    step_.product = "ept";
    put_index({survey("USGS_LPC_NY_Old_2012", square(-8000, 5000)),
               survey("NY_New_B23", square(-8000, 5000))});
    MadeEpt made;
    made.left = -8000 * kEptTile, made.bottom = 5000 * kEptTile;
    std::vector<LidarPoint> points;
    for (int i = 0; i < 4000; ++i) {
      LidarPoint point;
      point.x = made.left + (i * 7919) % 1021, point.y = made.bottom + (i * 104729) % 1019;
      point.z = 5, point.classification = 2;
      points.push_back(point);
    }
    for (const char* name : {"USGS_LPC_NY_Old_2012", "NY_New_B23"})
      for (const auto& [file, bytes] : made.files(points))
        http_->put(kEptBase + std::string(name) + "/" + file, bytes);
  }
  void put_index(const std::vector<nlohmann::json>& features) {
    http_->put(kEptIndex,
               nlohmann::json{{"type", "FeatureCollection"}, {"features", features}}.dump());
  }
};

TEST_F(EptProduct, TilesOfSurveysAreAssets) {
  const LonLatBox box = inside(square(-8000, 5000));
  const auto found = archive()->find(box);
  ASSERT_EQ(2U, found.size());
  EXPECT_EQ("USGS_LPC_NY_Old_2012/-8000_5000", found[0].asset.id);
  EXPECT_EQ("NY_New_B23/-8000_5000", found[1].asset.id);
  EXPECT_EQ(2012, found[0].asset.year);
  EXPECT_EQ(2023, found[1].asset.year);
  EXPECT_EQ(StatedBy::kProvider, found[0].asset.heights.by);
  EXPECT_EQ("assumed", found[0].asset.record.vertical_basis);
  EXPECT_EQ(1.0, found[0].asset.resolution);
  EXPECT_TRUE(archive()->find({10, 10, 11, 11}).empty());
}

TEST_F(EptProduct, AGridHoldsTheTile) {
  const auto paths = grids(inside(square(-8000, 5000)), 16.0);
  ASSERT_EQ(2U, paths.size());
  EXPECT_THAT(paths[0], HasSubstr("/grids/USGS_LPC_NY_Old_2012_-8000_5000_"));
  const std::unique_ptr<GDALDataset, GDALDatasetUniquePtrDeleter> file(
      GDALDataset::Open(paths[0].c_str()));
  EXPECT_EQ(64, file->GetRasterXSize());
  float value = 0;
  EXPECT_EQ(CE_None, file->GetRasterBand(1)->RasterIO(GF_Read, 30, 30, 1, 1, &value, 1, 1,
                                                      GDT_Float32, 0, 0, nullptr));
  EXPECT_EQ(5.0F, value);
}

TEST_F(EptProduct, SurveysThatAreLeftOutAreToldAsAWholeAndNotAsked) {
  step_.filter.min_year = 2020;
  EXPECT_THAT(ids(inside(square(-8000, 5000))),
              ElementsAre("USGS_LPC_NY_Old_2012#0 left out", "NY_New_B23/-8000_5000"));
  for (const std::string& url : http_->calls())
    EXPECT_EQ(std::string::npos, url.find("Old_2012")) << url;
}

TEST_F(EptProduct, FiltersChooseSurveys) {
  const LonLatBox box = inside(square(-8000, 5000));
  const auto taken = ElementsAre("USGS_LPC_NY_Old_2012#0 left out", "NY_New_B23/-8000_5000");
  step_.filter.project_ids = {"NY_New_B23"};
  EXPECT_THAT(ids(box), taken);
  step_.filter = {};
  step_.filter.include_patterns = {"NY_*"};
  EXPECT_THAT(ids(box), taken);
  step_.filter = {};
  step_.filter.exclude_patterns = {"*_LPC_*"};
  EXPECT_THAT(ids(box), taken);
  step_.filter = {};
  step_.filter.max_resolution = 0.5;
  EXPECT_THAT(ids(box), ElementsAre("USGS_LPC_NY_Old_2012#0 left out", "NY_New_B23#0 left out"));
  step_.filter.max_resolution = 1;
  EXPECT_THAT(ids(box), ElementsAre("USGS_LPC_NY_Old_2012/-8000_5000", "NY_New_B23/-8000_5000"));
}

TEST_F(EptProduct, DescriptionAndHierarchyAreAskedForOnce) {
  put_index({survey("NY_New_B23", {-73.6, 41.6, -73.4, 41.8})});
  const auto made = archive();
  const auto found = made->find(square(-8000, 5000));
  ASSERT_LT(1U, found.size());
  for (const Candidate& candidate : found)
    made->open(candidate.asset, 64.0);
  int descriptions = 0;
  for (const std::string& url : http_->calls())
    if (url == kEptBase + std::string("NY_New_B23/ept.json")) ++descriptions;
  EXPECT_EQ(2, descriptions) << "one for the edition, one for the text";
}

TEST_F(EptProduct, NoFailurePoisons) {
  put_index({survey("NY_New_B23", square(-8000, 5000))});
  expect_no_failure_poisons(inside(square(-8000, 5000)));
}

TEST_F(EptProduct, AnIndexThatIsNoneIsAnError) {
  const LonLatBox box = inside(square(-8000, 5000));
  for (const char* text : {"<html>", "{}", "{\"features\":[{\"properties\":{}}]}", "[]", ""}) {
    forget();
    http_->put(kEptIndex, std::string(text));
    EXPECT_THAT(failure_of(box), HasSubstr("resources.geojson': is no list of outlines")) << text;
  }
  forget();
  put_index({});
  EXPECT_THAT(failure_of(box), HasSubstr("lists no survey; the index is not believed"));
  forget();
  http_->remove(kEptIndex);
  EXPECT_THAT(failure_of(box), HasSubstr("the list of surveys is gone"));
}

TEST_F(EptProduct, NamesThatCouldBePathsAreLeftOutWithAWarning) {
  std::string told;
  context_->warn = [&](const std::string& text) { told = text; };
  put_index({survey("../../etc", square(-8000, 5000)), survey("NY_New_B23", square(-8000, 5000))});
  EXPECT_THAT(ids(inside(square(-8000, 5000))), ElementsAre("NY_New_B23/-8000_5000"));
  EXPECT_THAT(told, HasSubstr("1 surveys have names that cannot be part of a path"));
}

TEST_F(EptProduct, ABoxOfTooManyTilesIsRefused) {
  put_index({survey("NY_New_B23", {-80, 35, -70, 45})});
  EXPECT_EQ(
      "provider 'usgs_lidar': the box needs more than 100000 tiles of EPT surveys: give the step "
      "a smaller zone, or a project_id",
      failure_of({-80, 35, -70, 45}));
}

}  // namespace
}  // namespace topobathy
