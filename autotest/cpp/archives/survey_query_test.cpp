#include "providers/ncei_bag/survey_query.h"

#include <gmock/gmock.h>

#include "archives/fake_ncei.h"
#include "refusal.h"

namespace topobathy {
namespace {

using testing::HasSubstr;
using testing_support::refusal;

const LonLatBox kSquare{-71, 42, -70.5, 42.5};
const std::string kPage = "https://www.ngdc.noaa.gov/nos/H12001-H14000/H99999.html";

class SurveyQuery : public testing::Test {
 protected:
  std::vector<Survey> answered(const std::string& body) {
    http_.put(survey_query(kEnvelope), body);
    return ask_surveys(http_, kSquare);
  }
  std::string refused(const std::string& body) {
    return refusal(ErrorCode::kUnreadable, [&] { answered(body); });
  }

  FakeHttp http_;
};

TEST_F(SurveyQuery, ARecordIsASurvey) {
  auto record = survey_record("H99999 ", kPage, 2019);
  record["attributes"]["DATE_SURVEY_BEGIN"] = -1.0;
  record["attributes"]["DATE_SURVEY_END"] = 1561852800000;
  record["attributes"]["DATE_MODIFY_DATA"] = 1600000000000;
  const auto surveys = answered(survey_page({record}));
  ASSERT_EQ(1U, surveys.size());
  EXPECT_EQ("H99999", surveys[0].id);
  EXPECT_EQ(kPage, surveys[0].page);
  EXPECT_EQ(2019, surveys[0].year);
  EXPECT_EQ("1969-12-31", surveys[0].date_start);
  EXPECT_EQ("2019-06-30", surveys[0].date_end);
  EXPECT_EQ("2020-09-13", surveys[0].modified);
  EXPECT_DOUBLE_EQ(-70.8 - kSurveyMargin, surveys[0].box.west);
  EXPECT_DOUBLE_EQ(42.2 + kSurveyMargin, surveys[0].box.north);
}

TEST_F(SurveyQuery, WhatIsNotStatedIsEmpty) {
  auto record = survey_record("H99999", "", 0);
  record["attributes"] = {{"SURVEY_ID", "H99999"},
                          {"DOWNLOAD_URL", nullptr},
                          {"SURVEY_YEAR", "long ago"},
                          {"DATE_SURVEY_END", 1e300}};
  record["geometry"] = nullptr;
  const Survey survey = answered(survey_page({record})).at(0);
  EXPECT_EQ("", survey.page);
  EXPECT_EQ(0, survey.year);
  EXPECT_EQ("", survey.date_end);
  EXPECT_EQ(kSquare.west, survey.box.west);  // no outline: the square
  EXPECT_EQ(kSquare.north, survey.box.north);
}

TEST_F(SurveyQuery, TheYearIsThatOfItsDatesWhereItIsNotStated) {
  auto record = survey_record("H99999", kPage, 0);
  record["attributes"]["DATE_SURVEY_BEGIN"] = 1561852800000;
  EXPECT_EQ(2019, answered(survey_page({record})).at(0).year);
}

TEST_F(SurveyQuery, AnOutlineAcrossTheAntimeridianIsNoBeltRoundTheWorld) {
  auto record = survey_record("H99999", kPage, 2019);
  record["geometry"]["rings"] = {{{179.5, 51}, {180, 51}, {180, 52}},
                                 {{-180, 51}, {-179.5, 51}, {-179.5, 52}}};
  const LonLatBox box = answered(survey_page({record})).at(0).box;
  EXPECT_NEAR(179.48, box.west, 1e-9);
  EXPECT_NEAR(180.52, box.east, 1e-9);
}

TEST_F(SurveyQuery, PagesAreReadToTheLast) {
  http_.put(survey_query(kEnvelope), survey_page({survey_record("H00001", kPage, 2001),
                                                  survey_record("H00002", kPage, 2002)},
                                                 true));
  http_.put(survey_query(kEnvelope, 2), survey_page({survey_record("H00003", kPage, 2003)}));
  const auto surveys = ask_surveys(http_, kSquare);
  ASSERT_EQ(3U, surveys.size());
  EXPECT_EQ("H00003", surveys[2].id);
}

TEST_F(SurveyQuery, PagesWithoutEndAreRefused) {
  EXPECT_EQ(std::string("'") + kSurveyService +
                "': the pages of the answer do not end; try again later, or name a mirror in "
                "TOPOBATHY_ENDPOINTS",
            refused(survey_page({}, true)));
}

TEST_F(SurveyQuery, NothingThereIsAnEmptyList) {
  EXPECT_TRUE(answered(survey_page({})).empty());
}

TEST_F(SurveyQuery, AnErrorBodyIsAnError) {
  EXPECT_EQ(std::string("'") + kSurveyService +
                "': the service says error 400: Unable to complete operation.; try again later, or "
                "name a mirror in TOPOBATHY_ENDPOINTS",
            refused(R"({"error":{"code":400,"message":"Unable to complete operation.",)"
                    R"("details":["no"]}})"));
  EXPECT_THAT(refused(R"({"error":null})"), HasSubstr("the service says error"));
}

TEST_F(SurveyQuery, WhatIsNoAnswerIsRefused) {
  EXPECT_THAT(refused("<html>\n<body>Sorry</body></html>"),
              HasSubstr("the answer is not JSON (it begins with \"<html> <body>Sorry"));
  EXPECT_THAT(refused(""), HasSubstr("not JSON"));
  EXPECT_THAT(refused("[]"), HasSubstr("not JSON"));
  EXPECT_THAT(refused(std::string(100000, '[')), HasSubstr("not JSON"));
  EXPECT_THAT(refused("{}"), HasSubstr("the answer has no list of features"));
  EXPECT_THAT(refused(R"({"features":{}})"), HasSubstr("no list of features"));
  EXPECT_THAT(refused(R"({"features":[1]})"), HasSubstr("a record has no attributes"));
  const std::string whole = survey_page({survey_record("H99999", kPage, 2019)});
  for (std::size_t size = 0; size < whole.size(); size += 7)
    EXPECT_THAT(refused(whole.substr(0, size)), HasSubstr("not JSON")) << size;
}

TEST_F(SurveyQuery, HostileRecordsAreRefused) {
  for (const char* id : {"", "../../etc", "H1 2", "a/b"})
    EXPECT_THAT(refused(survey_page({survey_record(id, kPage, 2019)})),
                HasSubstr("a record has no SURVEY_ID, or one that is no name"));
  // The service has not heeded outSR: web Mercator.
  EXPECT_THAT(
      refused(survey_page({survey_record("H99999", kPage, 2019, -8e6, 5e6, -7.9e6, 5.1e6)})),
      HasSubstr("an outline is not in degrees"));
  auto record = survey_record("H99999", kPage, 2019);
  for (const char* rings : {R"([[["a","b"]]])", "[[[1]]]", "[[1,2]]", "[1]", R"([{"a":"b"}])"}) {
    record["geometry"]["rings"] = nlohmann::json::parse(rings);
    EXPECT_THAT(refused(survey_page({record})), HasSubstr("an outline is not in degrees")) << rings;
  }
}

TEST_F(SurveyQuery, TheEnvelopeStaysInTheWorld) {
  http_.put(survey_query("179.480000%2C51.480000%2C180.000000%2C52.020000"), survey_page({}));
  EXPECT_TRUE(ask_surveys(http_, {179.5, 51.5, 180, 52}).empty());
}

}  // namespace
}  // namespace topobathy
