#include "utils/cache/cache_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "refusal.h"

namespace topobathy {
namespace {

using ::testing::ElementsAre;
using testing_support::refusal;

TEST(CacheRequest, tiers_are_numbers_or_all) {
  EXPECT_THAT(parse_tiers("--purge", {"3", "1"}).numbers(), ElementsAre(1, 3));
  EXPECT_THAT(parse_tiers("--purge", {"all"}).numbers(), ElementsAre(1, 2, 3, 4, 5));
  for (const char* word : {"0", "6", "", "ALL", "1,2", "-1"})
    EXPECT_NE(refusal(ErrorCode::kUsage, [&] { parse_tiers("--purge", {word}); })
                  .find("tiers are 1, 2, 3, 4, 5 and all"),
              std::string::npos);
}

TEST(CacheRequest, a_provider_goes_by_its_aliases) {
  FilterArguments given;
  given.provider = "gbr100";
  EXPECT_EQ(make_filter(given, "/none").provider, "jcu_gbr100");
}

TEST(CacheRequest, a_box_may_cross_the_antimeridian) {
  FilterArguments given;
  given.bbox = "170, -10, -170, 10";
  const auto box = make_filter(given, "/none").bbox;
  ASSERT_TRUE(box);
  EXPECT_EQ(box->west, 170);
  EXPECT_EQ(box->east, -170);
  for (const char* text : {"1,2,3", "1,2,3,4,5", "1;2;3;4", "0,10,1,0", "5,0,5,1", "0,0,1,91",
                           "0,0,nan,1", "-181,0,0,1", "a,b,c,d"}) {
    given.bbox = text;
    EXPECT_NE(refusal(ErrorCode::kUsage, [&] { make_filter(given, "/none"); })
                  .find("write west,south,east,north"),
              std::string::npos)
        << text;
  }
}

TEST(CacheRequest, cells_have_places_in_any_crs_that_proj_knows) {
  CellFacts facts;
  facts.crs = "EPSG:3857";
  facts.pixel_size = 100;
  facts.cell_size = 512;
  facts.col = 0;
  facts.row = -1;  // north of the equator
  const FindPlace find = proj_places();
  const auto place = find(facts);
  ASSERT_TRUE(place);
  EXPECT_NEAR(place->box.west, 0, 1e-9);
  EXPECT_NEAR(place->box.south, 0, 1e-9);
  EXPECT_NEAR(place->box.east, 51200 / 111319.49, 1e-4);
  EXPECT_EQ(place->pixel, 100);
  facts.crs = "EPSG:4326";
  facts.pixel_size = 0.05 / 186;
  EXPECT_NEAR(find(facts)->pixel, 30, 0.3);
  facts.crs = "no such CRS";
  EXPECT_FALSE(find(facts));
}

}  // namespace
}  // namespace topobathy
