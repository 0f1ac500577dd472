#include "providers/ncei_bag/bag_archive.h"

#include <cpl_vsi.h>
#include <gdal_priv.h>
#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "archives/archive_bench.h"
#include "archives/fake_ncei.h"
#include "needed_data.h"
#include "providers/ncei_bag/bag_asset.h"
#include "refusal.h"

namespace topobathy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::refusal;

const LonLatBox kBox{-70.78, 42.12, -70.72, 42.18};
const std::string kPage = "https://www.ngdc.noaa.gov/nos/H12001-H14000/H99999.html";
const std::string kFolder =
    "https://data.ngdc.noaa.gov/platforms/ocean/nos/coast/H12001-H14000/H99999/BAG/";
const std::string kFourLinks =
    "<html><head><title>H99999</title></head><body>\n<a href=\"" + kFolder +
    "\">BAG</a>\n<ul><li><a href=\"" + kFolder +
    "H99999_MB_4m_MLLW_1of2.bag\">a</a></li>"
    "<li><a href='//data.ngdc.noaa.gov/platforms/ocean/nos/coast/H12001-H14000/H99999/BAG/"
    "H99999_MB_VR_MLLW_2of2.bag'>b</a></li>"
    "<li><a href=\"../coast/H12001-H14000/H99999/BAG/H99999_MB_50cm_Ellipsoid_1of1.bag\">c</a></li>"
    "<li><a href=H99999_MB_1m_MLLW_1of1.bag.gz>old gz</a></li></ul></body></html>";

class NceiBag : public testing::Test {
 protected:
  void SetUp() override {
    const std::string folder = test::shared_data() + "/bag/";
    TOPOBATHY_NEED_FILE(folder);
    GDALAllRegister();
    real_ = read_whole_file(folder + "newyork_longbeach_bdb_02_4m.bag");
    put_surveys({survey_record("H99999", kPage, 2019)});
    bench_.http->put(kPage, kFourLinks);
  }
  void put_surveys(const std::vector<nlohmann::json>& records) {
    bench_.http->put(survey_query(kEnvelope), survey_page(records));
  }
  Asset asset(const std::string& id) { return bench_.asset(kBox, id); }

  ArchiveBench<BagArchive> bench_{"ncei_bag"};
  std::string real_;
};

TEST_F(NceiBag, FindsAllStylesOfLinksFinestOnTopAndEllipsoidalBelow) {
  EXPECT_THAT(bench_.names(kBox),
              ElementsAre("H99999_MB_50cm_Ellipsoid_1of1", "H99999_MB_4m_MLLW_1of2",
                          "H99999_MB_1m_MLLW_1of1", "H99999_MB_VR_MLLW_2of2"));
  EXPECT_EQ(kFolder + "H99999_MB_4m_MLLW_1of2.bag", asset("H99999_MB_4m_MLLW_1of2").url);
  EXPECT_EQ(kFolder + "H99999_MB_VR_MLLW_2of2.bag", asset("H99999_MB_VR_MLLW_2of2").url);
  EXPECT_EQ(
      "https://www.ngdc.noaa.gov/nos/coast/H12001-H14000/H99999/BAG/"
      "H99999_MB_50cm_Ellipsoid_1of1.bag",
      asset("H99999_MB_50cm_Ellipsoid_1of1").url);
  EXPECT_EQ("https://www.ngdc.noaa.gov/nos/H12001-H14000/H99999_MB_1m_MLLW_1of1.bag.gz",
            asset("H99999_MB_1m_MLLW_1of1").url);
  EXPECT_EQ(2U, bench_.requests());
}

TEST_F(NceiBag, AnAssetSaysWhatTheArchiveStates) {
  auto record = survey_record("H99999", kPage, 2019);
  record["attributes"]["DATE_SURVEY_END"] = 1561852800000;
  record["attributes"]["DATE_MODIFY_DATA"] = 1600000000000;
  put_surveys({record});
  const Asset asset = this->asset("H99999_MB_4m_MLLW_1of2");
  EXPECT_EQ(Asset::Access::kDownload, asset.access);
  EXPECT_EQ(4.0, asset.resolution);
  EXPECT_EQ(2019, asset.year);
  EXPECT_EQ("H99999", asset.project);
  EXPECT_EQ("H99999_MB_4m_MLLW_1of2.bag@2020-09-13", asset.revision);
  EXPECT_EQ("EPSG:5866", asset.heights.crs);
  EXPECT_EQ(StatedBy::kArchive, asset.heights.by);
  EXPECT_EQ("ncei_bag", asset.record.provider);
  EXPECT_EQ("survey:H99999_MB_4m_MLLW_1of2", asset.record.key);
  EXPECT_EQ("H99999_MB_4m_MLLW_1of2", asset.record.survey_id);
  EXPECT_EQ("", asset.record.institution);
  EXPECT_EQ("", asset.record.date_start);
  EXPECT_EQ("2019-06-30", asset.record.date_end);
  EXPECT_EQ("MLLW", asset.record.vertical_datum);
  EXPECT_EQ("archive", asset.record.vertical_basis);
  EXPECT_EQ(kPage, asset.record.link);
  const Asset ellipsoidal = this->asset("H99999_MB_50cm_Ellipsoid_1of1");
  EXPECT_EQ("EPSG:6319", ellipsoidal.heights.crs);
  EXPECT_EQ("Ellipsoid", ellipsoidal.record.vertical_datum);
  EXPECT_EQ("assumed", ellipsoidal.record.vertical_basis);
}

TEST_F(NceiBag, FinerComesBeforeNewerAndNewerBeforeTheName) {
  put_surveys(
      {survey_record("W00410", "https://data.ngdc.noaa.gov/W00410_MB_4m_MLLW_1of1.bag", 2015),
       survey_record("H13386", "https://data.ngdc.noaa.gov/H13386_MB_50cm_MLLW_1of1.bag", 2001),
       survey_record("H13000", "https://data.ngdc.noaa.gov/H13000_MB_4m_MLLW_1of1.bag", 2016),
       survey_record("H13001", "https://data.ngdc.noaa.gov/H13001_MB_4m_MLLW_1of1.bag", 2016),
       survey_record("H13002", "https://data.ngdc.noaa.gov/H13002.bag", 2020),
       survey_record("H13003", "https://data.ngdc.noaa.gov/H13003_MB_VR_MLLW.bag", 2017),
       survey_record("H13004", "https://data.ngdc.noaa.gov/H13004_MB_VR_MLLW.bag", 2022)});
  EXPECT_THAT(bench_.names(kBox),
              ElementsAre("H13002", "W00410_MB_4m_MLLW_1of1", "H13000_MB_4m_MLLW_1of1",
                          "H13001_MB_4m_MLLW_1of1", "H13386_MB_50cm_MLLW_1of1", "H13003_MB_VR_MLLW",
                          "H13004_MB_VR_MLLW"));
  EXPECT_EQ(1U, bench_.requests());
  EXPECT_EQ("assumed", asset("H13002").record.vertical_basis);
}

TEST_F(NceiBag, ASurveyInTwoSquaresIsOneAssetAndItsPageIsReadOnce) {
  const auto record = survey_record("H99999", kPage, 2019, -71.1, 42.1, -70.9, 42.2);
  put_surveys({record});
  bench_.http->put(survey_query("-71.520000%2C41.980000%2C-70.980000%2C42.520000"),
                   survey_page({record}));
  EXPECT_EQ(4U, bench_.find({-71.05, 42.12, -70.95, 42.18}).size());
  EXPECT_EQ(3U, bench_.requests());
  EXPECT_EQ(4U, bench_.find({-71.05, 42.12, -70.95, 42.18}).size());
  EXPECT_EQ(3U, bench_.requests());
}

TEST_F(NceiBag, APageWithoutDirectLinksLeadsToItsFolder) {
  bench_.http->put(kPage, "<a href='" + kFolder + "'>BAG</a><a href='../DR/'>reports</a>");
  bench_.http->put(kFolder,
                   "<tr><td><a href=\"H99999_MB_4m_MLLW_1of2.bag\">H99..</a></td></tr>"
                   "<tr><td><a href=\"H99999_MB_8m_MLLW_2of2.BAG\">H99..</a></td></tr>"
                   "<tr><td><a href=\"../\">Parent</a></td></tr>");
  EXPECT_THAT(bench_.names(kBox), ElementsAre("H99999_MB_8m_MLLW_2of2", "H99999_MB_4m_MLLW_1of2"));
  EXPECT_EQ(kFolder + "H99999_MB_4m_MLLW_1of2.bag", asset("H99999_MB_4m_MLLW_1of2").url);
}

TEST_F(NceiBag, OfOneFileTheUnpackedIsTaken) {
  bench_.http->put(kPage,
                   "<a href=https://data.ngdc.noaa.gov/a/H99999_MB_4m_MLLW.bag.gz>"
                   "<a href=https://www.ngdc.noaa.gov/z/H99999_MB_4m_MLLW.bag>");
  EXPECT_EQ("https://www.ngdc.noaa.gov/z/H99999_MB_4m_MLLW.bag", asset("H99999_MB_4m_MLLW").url);
}

TEST_F(NceiBag, LinksElsewhereAndHostileNamesAreNotFollowed) {
  bench_.http->put(kPage,
                   "<a href='https://evil.example/H99999_MB_1m_MLLW.bag'>"
                   "<a href='file:///etc/H99999_MB_2m_MLLW.bag'>"
                   "<a href='..%2f..%2f..%2fH99999_MB_8m_MLLW.bag'>"
                   "<a href='a%00b.bag'><a href='a%20b.bag'><a href='%2e%2e.bag'>"
                   "<a href='http://169.254.169.254/BAG/'>"
                   "<a href='H99999_MB_4m_MLLW.bag'>");
  EXPECT_THAT(bench_.names(kBox), ElementsAre("H99999_MB_4m_MLLW"));
  ASSERT_GE(bench_.warnings.size(), 4U);
  EXPECT_EQ("'" + kPage +
                "': its link to 'https://evil.example/H99999_MB_1m_MLLW.bag' is not "
                "followed: another host, or a name that no file may have",
            bench_.warnings[0]);
}

TEST_F(NceiBag, FiltersSayWhy) {
  bench_.step.filter.exclude_patterns = {"*_VR_*"};
  bench_.step.filter.max_resolution = 2;
  EXPECT_THAT(bench_.names(kBox),
              ElementsAre("H99999_MB_50cm_Ellipsoid_1of1",
                          "H99999_MB_4m_MLLW_1of2: pixels of 4 m are coarser than max_resolution 2",
                          "H99999_MB_1m_MLLW_1of1",
                          "H99999_MB_VR_MLLW_2of2: 'H99999_MB_VR_MLLW_2of2' is left out by "
                          "include_patterns or exclude_patterns"));
  bench_.step.filter = {};
  bench_.step.filter.project_ids = {"H00001"};
  bench_.step.filter.min_year = 2000;
  EXPECT_THAT(bench_.names(kBox)[0], HasSubstr("project H99999 is not in project_id"));
  bench_.step.filter.min_year = 2020;
  EXPECT_THAT(bench_.names(kBox)[0], HasSubstr("of 2019, older than min_year 2020"));
  bench_.step.filter = {};
  bench_.step.filter.include_patterns = {"H99999_MB_1m*"};
  EXPECT_THAT(bench_.names(kBox),
              testing::UnorderedElementsAre("H99999_MB_1m_MLLW_1of1", HasSubstr("_50cm_"),
                                            HasSubstr("_4m_"), HasSubstr("left out by include")));
}

TEST_F(NceiBag, AnOutageIsNeverNoCoverage) {
  for (const int code : {403, 404}) {
    bench_.http->put(survey_query(kEnvelope), status(code));
    EXPECT_THROW(bench_.find(kBox), Error) << code;
  }
  bench_.http->put(survey_query(kEnvelope), R"({"error":{"code":500,"message":"busy"}})");
  EXPECT_THROW(bench_.find(kBox), Error);
  put_surveys({survey_record("H99999", kPage, 2019)});
  bench_.http->put(kPage, status(403));
  EXPECT_THROW(bench_.find(kBox), Error);
  bench_.http->put(kPage, kFourLinks);
  EXPECT_EQ(4U, bench_.find(kBox).size());
}

TEST_F(NceiBag, EachFailureIsAnErrorAndNothingIsPoisoned) {
  const std::string id = "H99999_MB_4m_MLLW_1of2";
  bench_.http->put(kFolder + id + ".bag", real_);
  int n = 1;
  for (;; ++n) {
    bench_.forget();
    std::filesystem::remove_all(bench_.context->folder);
    bench_.http->fail_call(n);
    try {
      bench_.open(asset(id));
      break;
    } catch (const Error& error) {
      EXPECT_EQ(ErrorCode::kUnreadable, error.code()) << error.what();
    }
    EXPECT_EQ(4U, bench_.find(kBox).size()) << n;
    EXPECT_EQ(real_, read_whole_file(bench_.open(asset(id)).path)) << n;
  }
  EXPECT_EQ(4, n);  // service, page, file
  bench_.http->fail_call(1000);
}

TEST_F(NceiBag, ABagIsDownloadedOnceByAllReaders) {
  const Asset wanted = asset("H99999_MB_4m_MLLW_1of2");
  EXPECT_FALSE(bench_.archive()->is_local(wanted, 1));
  bench_.http->put(wanted.url, real_);
  const std::size_t before = bench_.requests();
  std::vector<std::thread> readers;
  std::atomic<int> right{0};
  for (int r = 0; r < 8; ++r)
    readers.emplace_back([&] { right += read_whole_file(bench_.open(wanted).path) == real_; });
  for (std::thread& reader : readers)
    reader.join();
  EXPECT_EQ(8, right);
  EXPECT_EQ(before + 1, bench_.requests());
  EXPECT_TRUE(bench_.archive()->is_local(wanted, 1));
  EXPECT_EQ(bench_.context->folder + "/raw/H99999_MB_4m_MLLW_1of2.bag", bench_.open(wanted).path);
}

TEST_F(NceiBag, APackedBagIsUnpacked) {
  const Asset wanted = asset("H99999_MB_1m_MLLW_1of1");
  const std::string packed = bench_.directory.path() + "/packed.gz";
  VSILFILE* const file = VSIFOpenL(("/vsigzip/" + packed).c_str(), "wb");
  VSIFWriteL(real_.data(), 1, real_.size(), file);
  VSIFCloseL(file);
  bench_.http->put(wanted.url, read_whole_file(packed).substr(0, 5000));
  EXPECT_THAT(refusal(ErrorCode::kUnreadable, [&] { bench_.open(wanted); }),
              HasSubstr("cannot unpack"));
  bench_.http->put(wanted.url, read_whole_file(packed));
  const std::string path = bench_.open(wanted).path;
  EXPECT_EQ(bench_.context->folder + "/raw/H99999_MB_1m_MLLW_1of1.bag", path);
  EXPECT_EQ(real_, read_whole_file(path));
  EXPECT_EQ(1, std::distance(std::filesystem::directory_iterator(bench_.context->folder + "/raw"),
                             std::filesystem::directory_iterator()));
}

TEST_F(NceiBag, AnotherEditionIsAnotherFile) {
  const std::string id = "H99999_MB_4m_MLLW_1of2";
  auto record = survey_record("H99999", kPage, 2019);
  record["attributes"]["DATE_MODIFY_DATA"] = 1600000000000;
  put_surveys({record});
  bench_.http->put(kFolder + id + ".bag", real_);
  const Asset old = asset(id);
  const std::string old_path = bench_.open(old).path;
  record["attributes"]["DATE_MODIFY_DATA"] = 1700000000000;
  put_surveys({record});
  bench_.clock.advance(8 * 86400);
  const Asset fresh = asset(id);
  EXPECT_NE(old.revision, fresh.revision);
  EXPECT_NE(old_path, bench_.open(fresh).path);
}

TEST_F(NceiBag, ABagThatIsGoneIsLookedUpAfresh) {
  const Asset gone = asset("H99999_MB_4m_MLLW_1of2");
  bench_.http->put(kPage, "<a href=H99999_MB_2m_MLLW_1of1.bag>");
  EXPECT_EQ("'" + gone.url +
                "': the archive no longer has this BAG: read again, the survey's files will be "
                "looked up afresh",
            refusal(ErrorCode::kNotFound, [&] { bench_.open(gone); }));
  EXPECT_THAT(bench_.names(kBox), ElementsAre("H99999_MB_2m_MLLW_1of1"));
}

TEST_F(NceiBag, ASurveyWhosePageNamesNoBagIsAnErrorWhereItLiesAndHeals) {
  const auto other =
      survey_record("H13386", "https://data.ngdc.noaa.gov/H13386_MB_8m_MLLW.bag", 2001);
  put_surveys({survey_record("H99999", kPage, 2019), other});
  for (const auto& page : {status(200, "<html>garbage"), status(404)}) {
    bench_.http->put(kPage, page);
    EXPECT_THAT(bench_.names(kBox), ElementsAre("H13386_MB_8m_MLLW", "H99999"));
    EXPECT_EQ("survey H99999 should have BAGs, but its page '" + kPage +
                  "' is gone or names none: try again later, or leave the survey out with "
                  "exclude_patterns: [H99999]",
              refusal(ErrorCode::kUnreadable, [&] { bench_.open(asset("H99999")); }));
  }
  bench_.step.filter.exclude_patterns = {"H99999"};
  EXPECT_THAT(bench_.names(kBox)[1], HasSubstr("is left out by"));
  bench_.step.filter = {};
  bench_.http->put(kPage, kFourLinks);
  EXPECT_EQ(5U, bench_.find(kBox).size());
}

TEST_F(NceiBag, ASurveyWithoutAPageIsAnErrorWhereItLies) {
  put_surveys({survey_record("H99999", "", 2019),
               survey_record("H99998", "https://evil.example/a.html", 2019)});
  EXPECT_THAT(bench_.names(kBox), ElementsAre("H99998", "H99999"));
  EXPECT_EQ(1U, bench_.requests());
  EXPECT_THAT(refusal(ErrorCode::kUnreadable, [&] { bench_.open(asset("H99999")); }),
              HasSubstr("should have BAGs"));
}

TEST_F(NceiBag, NothingIsAskedOffline) {
  bench_.http->put(kPage, status(200, "nothing"));
  EXPECT_THAT(bench_.names(kBox), ElementsAre("H99999"));
  const std::size_t before = bench_.requests();
  bench_.context->offline = true;
  EXPECT_THAT(bench_.names(kBox), ElementsAre("H99999"));
  EXPECT_EQ(before, bench_.requests());
}

TEST(BagRank, IsExactAcrossAllResolutions) {
  Survey survey;
  const auto rank = [&](const std::string& name, int year) {
    survey.year = year;
    return bag_asset(survey, "https://data.ngdc.noaa.gov/" + name + ".bag").rank;
  };
  EXPECT_GT(rank("H12345_MB_50cm_MLLW", 0), rank("H12345_MB_51cm_MLLW", 2199));
  EXPECT_GT(rank("H12345_MB_100000m_MLLW", 0), rank("H12345", 2199));
  EXPECT_GT(rank("H12345", 0), rank("H12345_MB_VR_Ellipsoid", 2199));
  EXPECT_GT(rank("H12345_MB_100000m_Ellipsoid", 2001), rank("H12345_MB_100000m_Ellipsoid", 2000));
}

}  // namespace
}  // namespace topobathy
