#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fusion/error.h"
#include "providers/noaa_topobathy/inport_item.h"
#include "providers/noaa_topobathy/named_datum.h"
#include "providers/noaa_topobathy/project_facts.h"
#include "providers/noaa_topobathy/project_list.h"
#include "providers/noaa_topobathy/project_rank.h"

namespace topobathy {
namespace {

using ::testing::HasSubstr;

constexpr char kUrl[] = "https://host/list";

std::string feature(const std::string& geometry, const std::string& links) {
  return R"({"type":"Feature","geometry":)" + geometry +
         R"(,"properties":{"Name":"x","DataType":"DEM","Year":2017,)"
         R"("Metalink":"https://www.fisheries.noaa.gov/inport/item/55555",)"
         R"("ExternalProviderLink":)" +
         links + "}}";
}

std::string dav(const std::string& features, const std::string& crs = "") {
  const std::string member =
      crs.empty() ? "" : R"("crs":{"type":"name","properties":{"name":")" + crs + "\"}},";
  return R"({"type":"FeatureCollection",)" + member + R"("features":[)" + features + "]}";
}

const std::string kLinks =
    R"({"links":[{"label":"EPT NOAA","altlabel":"","link":"https://h/entwine/ept.json"},)"
    R"({"label":"Bulk Download","altlabel":"","link":)"
    R"("https://h/dem/NY_NYC_Topobathy_2017_9310/index.html"}]})";
const std::string kBox =
    R"({"type":"Polygon","coordinates":[[[-74,40],[-73,40],[-73,41],[-74,41],[-74,40]]]})";

TEST(DavJson, NamesTheDemFolderItemYearAndBox) {
  const auto projects =
      read_dav_json(dav(feature(kBox, kLinks), "urn:ogc:def:crs:OGC:1.3:CRS84"), kUrl);
  ASSERT_EQ(1U, projects.size());
  EXPECT_EQ("9310", projects[0].id);
  EXPECT_EQ("NY_NYC_Topobathy_2017_9310", projects[0].folder);
  EXPECT_EQ("55555", projects[0].item);
  EXPECT_EQ(2017, projects[0].year);
  ASSERT_TRUE(projects[0].box);
  EXPECT_DOUBLE_EQ(-74.01, projects[0].box->west) << "outlines are simplified";
  EXPECT_DOUBLE_EQ(41.01, projects[0].box->north);
}

TEST(DavJson, LinksMayBeAText) {
  std::string quoted;
  for (const char c : kLinks)
    quoted += c == '"' ? std::string("\\\"") : std::string(1, c);
  EXPECT_EQ(1U, read_dav_json(dav(feature(kBox, "\"" + quoted + "\"")), kUrl).size());
}

TEST(DavJson, CoordinatesAreInTheCrsOfTheList) {
  const std::string box =
      R"({"type":"Polygon","coordinates":[[[-8237642,4865942],[-8126322,4865942],)"
      R"([-8126322,5012341],[-8237642,4865942]]]})";
  const auto projects =
      read_dav_json(dav(feature(box, kLinks), "urn:ogc:def:crs:EPSG::3857"), kUrl);
  EXPECT_NEAR(-74.01, projects.at(0).box->west, 1e-4);
  EXPECT_NEAR(39.99, projects.at(0).box->south, 1e-4);
  EXPECT_NEAR(41.01, projects.at(0).box->north, 1e-4);
}

TEST(DavJson, PolygonsOnBothSidesOfTheAntimeridianAreNoBeltRoundTheWorld) {
  const std::string box =
      R"({"type":"MultiPolygon","coordinates":[[[[179,10],[180,10],[180,11],[179,10]]],)"
      R"([[[-180,10],[-179,10],[-179,11],[-180,10]]]]})";
  const auto projects = read_dav_json(dav(feature(box, kLinks)), kUrl);
  EXPECT_DOUBLE_EQ(178.99, projects.at(0).box->west);
  EXPECT_DOUBLE_EQ(181.01, projects.at(0).box->east);
}

TEST(DavJson, OddFeaturesAreNoProjects) {
  const auto projects = read_dav_json(
      dav(R"(null,7,{},{"properties":{"ExternalProviderLink":"no json"}},)" +
          feature(kBox, R"({"links":[{"link":"https://h/laz/geoid18/9310/index.html"}]})") + "," +
          feature(kBox, R"({"links":[{"link":"https://h/dem/../../etc/index.html"}]})") + "," +
          feature(kBox, R"({"links":"none"})") + "," + feature("null", kLinks)),
      kUrl);
  ASSERT_EQ(1U, projects.size());
  EXPECT_FALSE(projects[0].box) << "without a polygon it may lie anywhere";
}

TEST(DavJson, HtmlAndCutTextsAreErrors) {
  for (const std::string& text :
       {std::string("<html>busy</html>"), dav(feature(kBox, kLinks)).substr(0, 120),
        std::string(""), std::string("[]"), std::string(300'000, '[')}) {
    try {
      read_dav_json(text, kUrl);
      FAIL() << text.substr(0, 30);
    } catch (const Error& error) {
      EXPECT_EQ(ErrorCode::kUnreadable, error.code());
      EXPECT_THAT(error.what(), HasSubstr("the list of projects 'https://host/list' is no GeoJSON "
                                          "(it begins with '" +
                                          text.substr(0, 40) + "'); try again later"));
    }
  }
}

constexpr char kRows[] = R"(<table>
<tr><td>2017 NYC Topobathy DEM</td>
<td><a href="https://noaa-nos-coastal-lidar-pds.s3.amazonaws.com/dem/NY_NYC_Topobathy_2017_9310/index.html">Bulk Download</a></td>
<td><a href="https://www.fisheries.noaa.gov/inport/item/55555">Metadata</a></td></tr>
<TR><td><a href="https://h/laz/geoid18/9311/index.html">Lidar</a></td>
<td><a href="https://www.fisheries.noaa.gov/inport/item/1">Metadata</a></td></TR>
<tr><td><A HREF = '../dem/WA_King_DEM_2016_8589/index.html'>Bulk</A></td></tr>
<tr><td><a href="https://www.fisheries.noaa.gov/inport/item/2">Metadata</a></td></tr>
<tr><td><a href="https://www.fisheries.noaa.gov/inport/item/3">Metadata</a></td>
<td><a href="https://h/dem/No_Number_Here/index.html">Bulk</a></td></tr>
</table>)";

TEST(IndexHtml, ARowIsAProject) {
  const auto projects = read_index_html(kRows);
  ASSERT_EQ(3U, projects.size());
  EXPECT_EQ("9310", projects[0].id);
  EXPECT_EQ("55555", projects[0].item);
  EXPECT_FALSE(projects[0].box);
  EXPECT_EQ("No_Number_Here", projects[1].id);
  EXPECT_EQ("3", projects[1].item) << "the links of a row come in any order";
  EXPECT_EQ("8589", projects[2].id);
  EXPECT_EQ("", projects[2].item) << "the item of the next row is another's";
}

TEST(IndexHtml, HostileTextsAreHarmless) {
  EXPECT_TRUE(read_index_html("").empty());
  EXPECT_TRUE(read_index_html("{\"json\":1}").empty());
  EXPECT_TRUE(read_index_html("<a href=\"/dem/../index.html\"><a href=\"/dem/.x/index.html\">"
                              "<a href=\"/dem/a b/index.html\"><a href=")
                  .empty());
  EXPECT_TRUE(read_index_html("<a href=\"/dem/" + std::string(100'000, 'a') + "/x\">").empty());
}

TEST(Projects, TwoFoldersOfOneNumberAreTwoProjects) {
  const auto projects = read_index_html(
      "<a href='/dem/B_DEM_7/i'><a href='/dem/A_DEM_7/i'><a href='/dem/A_DEM_7/i'>");
  ASSERT_EQ(2U, projects.size());
  EXPECT_EQ("7", projects[0].id);
  EXPECT_EQ("A_DEM_7", projects[0].folder);
  EXPECT_EQ("B_DEM_7", projects[1].id);
}

TEST(Projects, YearsInNames) {
  EXPECT_EQ(2017, year_in_name("NY_NYC_Topobathy_2017_9310"));
  EXPECT_EQ(2016, year_in_name("WA_King_DEM_2016_1960"));
  EXPECT_EQ(2019, year_in_name("LISound2019x"));
  EXPECT_EQ(0, year_in_name("Somewhere_DEM_9310"));
}

constexpr char kItem[] = R"(<?xml version="1.0"?>
<inport-metadata version="1.0"><item-identification><catalog-item-id>55555</catalog-item-id>
 <title>2017 NYC Topobathy DEM</title><abstract>1 m bare earth DEM ...</abstract></item-identification>
 <extents><extent><time-frames><time-frame><time-frame-type>Range</time-frame-type>
   <start-date-time>2017-05-03T00:00:00</start-date-time><end-date-time>2017-05-17</end-date-time></time-frame>
  <time-frame><time-frame-type>Discrete</time-frame-type><start-date-time>2017-06</start-date-time></time-frame>
  </time-frames></extent></extents>
 <spatial-info><spatial-resolution><horizontal-distance>3.0</horizontal-distance>
   <horizontal-distance-units>Foot</horizontal-distance-units></spatial-resolution>
  <reference-systems><reference-system><coordinate-reference-system><crs-type>Projected</crs-type>
   <datum-name>WGS 84</datum-name></coordinate-reference-system></reference-system>
  <reference-system><coordinate-reference-system><crs-type>Vertical</crs-type>
   <epsg-code>EPSG:5703</epsg-code><epsg-name>NAVD88 height</epsg-name>
   <datum-name>North American Vertical Datum 1988</datum-name></coordinate-reference-system></reference-system></reference-systems>
 </spatial-info>
 <support-roles><support-role><support-role-type>Distributor</support-role-type>
  <contact-name>NOAA Office for Coastal Management</contact-name></support-role>
  <support-role><support-role-type>Originator</support-role-type><contact-type>Person</contact-type>
  <contact-name>J. Doe</contact-name></support-role></support-roles></inport-metadata>)";

TEST(InPort, StatesDatumDatesResolutionAndInstitution) {
  const InPortItem item = read_inport_xml(kItem, kUrl);
  EXPECT_EQ("2017 NYC Topobathy DEM", item.title);
  EXPECT_EQ("North American Vertical Datum 1988", item.vertical_datum);
  EXPECT_EQ("2017-05-03", item.date_start);
  EXPECT_EQ("2017-06", item.date_end);
  EXPECT_NEAR(0.9144, item.resolution, 1e-9);
  EXPECT_EQ("NOAA Office for Coastal Management", item.institution) << "a person is no institution";
  EXPECT_TRUE(item.bathymetric);
}

std::string item_with(const std::string& inside) {
  return "<inport-metadata>" + inside + "</inport-metadata>";
}

TEST(InPort, WhatIsNotStatedStaysEmpty) {
  const InPortItem item = read_inport_xml(
      item_with("<item-identification><title>2016 King County DEM</title></item-identification>"
                "<time-frame><start-date-time>spring</start-date-time></time-frame>"
                "<coordinate-reference-system><crs-type>Vertical</crs-type><datum-name>Unknown"
                "</datum-name></coordinate-reference-system>"),
      kUrl);
  EXPECT_EQ("", item.vertical_datum);
  EXPECT_EQ("", item.date_start);
  EXPECT_EQ(0.0, item.resolution);
  EXPECT_EQ("", item.institution);
  EXPECT_FALSE(item.bathymetric);
}

TEST(InPort, ReadsDescriptionsAndTheOlderForm) {
  EXPECT_EQ(
      1.0, read_inport_xml(item_with("<abstract>A 1m bare earth DEM</abstract>"), kUrl).resolution);
  EXPECT_EQ(2.5,
            read_inport_xml(item_with("<purpose>at 2.5 meter pixel resolution</purpose>"), kUrl)
                .resolution);
  EXPECT_EQ(
      3.0, read_inport_xml(item_with("<lineage>a grid spacing of 3 m</lineage>"), kUrl).resolution);
  EXPECT_EQ(0.0,
            read_inport_xml(item_with("<abstract>within 5 m depth</abstract>"), kUrl).resolution);
  EXPECT_TRUE(read_inport_xml(item_with("<purpose>submerged land</purpose>"), kUrl).bathymetric);
  const InPortItem old = read_inport_xml(
      item_with("<altdatum>NAVD 88</altdatum><begdate>20100615</begdate><enddate>2010</enddate>"),
      kUrl);
  EXPECT_EQ("NAVD 88", old.vertical_datum);
  EXPECT_EQ("2010-06-15", old.date_start);
  EXPECT_EQ("2010", old.date_end);
}

TEST(InPort, TheTopicOfAllElevationDataSaysNothingOfWater) {
  EXPECT_FALSE(
      read_inport_xml(item_with("<keyword>Bathymetry/Topography</keyword>"), kUrl).bathymetric);
  EXPECT_TRUE(
      read_inport_xml(item_with("<keyword>Coastal bathymetry</keyword>"), kUrl).bathymetric);
}

TEST(InPort, AnythingElseIsAnError) {
  for (const char* const text : {"<html><body>busy</body></html>", "", "<inport-metadata><a>"})
    EXPECT_THROW(read_inport_xml(text, kUrl), Error) << text;
}

TEST(Datums, NamesOfArchivesBecomeCrss) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"North American Vertical Datum 1988", "EPSG:5703"},
      {"NAVD 88 height (Geoid18)", "EPSG:5703"},
      {"North American Vertical Datum of 1988 (NAVD88), from NAD83(2011) ellipsoid heights",
       "EPSG:5703"},
      {"EPSG:6360", "EPSG:5703"},
      {"NAD83(2011)", "EPSG:6319"},
      {"Ellipsoid", "EPSG:6319"},
      {"GRS80 ellipsoid", "EPSG:6319"},
      {"WGS 84 ellipsoid", "EPSG:4979"},
      {"World Geodetic System 1984", "EPSG:4979"},
      {"ITRF2014 ellipsoid", "EPSG:7912"},
      {"ITRF00 ellipsoid", ""},
      {"Mean Lower Low Water", "MLLW"},
      {"Puerto Rico Vertical Datum of 2002", "EPSG:6641"},
      {"Local Mean Sea Level", ""},
      {"EGM2008", ""},
      {"", ""},
  };
  for (const auto& [name, crs] : cases)
    EXPECT_EQ(crs, crs_of_datum(name)) << name;
}

TEST(Datums, ScoresAreThoseOfTheChoice) {
  EXPECT_EQ(3, datum_score("NAVD88 (Geoid18)"));
  EXPECT_EQ(2, datum_score("NAVD88"));
  EXPECT_EQ(1, datum_score(""));
  EXPECT_EQ(1, datum_score("Local Mean Sea Level"));
  EXPECT_EQ(0, datum_score("NAD83(2011) ellipsoid"));
}

Asset project(const std::string& folder, const std::string& id, int year, const char* datum) {
  Asset asset;
  asset.project = id;
  asset.year = year;
  asset.record.survey_id = folder;
  asset.record.vertical_datum = datum;
  return asset;
}

TEST(ProjectRank, ComparesListNameYearDatumNumberInThisOrder) {
  Filter listed;
  listed.project_ids = {"20", "10"};
  const std::vector<Asset> lowest_first = {
      project("A_DEM", "3", 2010, "Ellipsoid"),  project("A_DEM", "4", 2010, "Ellipsoid"),
      project("A_DEM", "1", 2010, ""),           project("A_DEM", "1", 2010, "NAVD88"),
      project("A_DEM", "1", 2010, "Geoid18"),    project("A_DEM", "1", 2011, "Ellipsoid"),
      project("A_Topobathy", "1", 1999, ""),     project("A_DEM", "10", 1990, "Ellipsoid"),
      project("A_DEM", "20", 1980, "Ellipsoid"),
  };
  for (std::size_t i = 1; i < lowest_first.size(); ++i)
    EXPECT_LT(project_rank(listed, lowest_first[i - 1]), project_rank(listed, lowest_first[i]))
        << i;
  Filter none;
  EXPECT_LT(project_rank(none, project("A", "67108862", 2030, "Geoid18")),
            project_rank(none, project("A", "67108863", 2030, "Geoid18")))
      << "exact to the last bit";
}

}  // namespace
}  // namespace topobathy
