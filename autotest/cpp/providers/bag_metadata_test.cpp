#include "providers/raster/bag_metadata.h"

#include <gtest/gtest.h>

namespace topobathy {
namespace {

std::string text(const std::string& value) {
  return "<gco:CharacterString>" + value + "</gco:CharacterString>";
}

std::string reference_system(const std::string& code, const std::string& space) {
  return "<gmd:referenceSystemInfo><gmd:MD_ReferenceSystem><gmd:referenceSystemIdentifier>"
         "<gmd:RS_Identifier><gmd:code>" +
         text(code) + "</gmd:code><gmd:codeSpace>" + text(space) +
         "</gmd:codeSpace></gmd:RS_Identifier></gmd:referenceSystemIdentifier>"
         "</gmd:MD_ReferenceSystem></gmd:referenceSystemInfo>";
}

std::string citation(const std::string& organisation) {
  return "<gmd:citation><gmd:CI_Citation><gmd:citedResponsibleParty><gmd:CI_ResponsibleParty>"
         "<gmd:organisationName>" +
         text(organisation) +
         "</gmd:organisationName></gmd:CI_ResponsibleParty></gmd:citedResponsibleParty>"
         "</gmd:CI_Citation></gmd:citation>";
}

std::string period(const std::string& begin, const std::string& end) {
  return "<gml:TimePeriod gml:id=\"t\"><gml:beginPosition>" + begin +
         "</gml:beginPosition><gml:endPosition>" + end + "</gml:endPosition></gml:TimePeriod>";
}

/// The form of BAG 1.5 and later.
std::string metadata(const std::string& systems, const std::string& identification) {
  return "<?xml version=\"1.0\"?><gmi:MI_Metadata xmlns:gmi=\"i\" xmlns:gmd=\"d\" "
         "xmlns:gco=\"o\" xmlns:gml=\"l\" xmlns:bag=\"b\">" +
         systems + "<gmd:identificationInfo><bag:BAG_DataIdentification>" + identification +
         "</bag:BAG_DataIdentification></gmd:identificationInfo></gmi:MI_Metadata>";
}

TEST(BagMetadata, reads_institution_and_days) {
  const auto found = read_bag_metadata(
      metadata("", citation(" NOAA OCS ") + period("2014-01-18T16:24:30", "2014-02-27")).c_str());
  EXPECT_EQ("NOAA OCS", found.institution);
  EXPECT_EQ("2014-01-18", found.date_start);
  EXPECT_EQ("2014-02-27", found.date_end);
}

TEST(BagMetadata, placeholders_and_odd_dates_state_nothing) {
  for (const char* const word : {"//", "unknown", "N/A", ""}) {
    const auto found =
        read_bag_metadata(metadata("", citation(word) + period(word, "27.02.2014")).c_str());
    EXPECT_EQ("", found.institution) << word;
    EXPECT_EQ("", found.date_start) << word;
    EXPECT_EQ("", found.date_end) << word;
  }
}

TEST(BagMetadata, the_first_reference_system_is_horizontal_the_second_vertical) {
  const auto codes = read_bag_metadata(
      metadata(reference_system("6339", "EPSG") + reference_system("5866", "EPSG"), "").c_str());
  EXPECT_EQ("EPSG:6339", codes.crs);
  EXPECT_EQ("EPSG:5866", codes.vertical_datum);
  const std::string vertical = "VERT_CS[\"MLLW depth\", VERT_DATUM[\"MLLW\", 2000]]";
  const auto texts = read_bag_metadata(
      metadata(reference_system("PROJCS[]", "WKT") + reference_system(vertical, "WKT"), "")
          .c_str());
  EXPECT_EQ("", texts.crs) << "GDAL reads WKT itself";
  EXPECT_EQ("MLLW", texts.vertical_datum);
}

TEST(BagMetadata, a_code_must_be_one) {
  for (const char* const code : {"EPSG", "12", "6339; DROP", "63391234567"}) {
    const auto found = read_bag_metadata(metadata(reference_system(code, "EPSG"), "").c_str());
    EXPECT_EQ("", found.crs) << code;
  }
}

TEST(BagMetadata, the_form_before_1_5_is_read_too) {
  const auto found = read_bag_metadata(
      "<smXML:MD_Metadata xmlns:smXML=\"s\"><identificationInfo><smXML:BAG_DataIdentification>"
      "<citation><smXML:CI_Citation><citedResponsibleParty><smXML:CI_ResponsibleParty>"
      "<organisationName>UNH</organisationName></smXML:CI_ResponsibleParty>"
      "</citedResponsibleParty></smXML:CI_Citation></citation></smXML:BAG_DataIdentification>"
      "</identificationInfo><referenceSystemInfo><smXML:MD_CRS><datum><smXML:RS_Identifier>"
      "<code>WGS84</code></smXML:RS_Identifier></datum><verticalDatum><smXML:RS_Identifier>"
      "<code>Mean Sea Level</code></smXML:RS_Identifier></verticalDatum></smXML:MD_CRS>"
      "</referenceSystemInfo></smXML:MD_Metadata>");
  EXPECT_EQ("UNH", found.institution);
  EXPECT_EQ("Mean Sea Level", found.vertical_datum);
}

TEST(BagMetadata, damaged_or_missing_text_states_nothing) {
  const std::string whole = metadata(reference_system("6339", "EPSG"), citation("NOAA"));
  EXPECT_EQ("", read_bag_metadata(nullptr).institution);
  for (std::size_t size = 0; size < whole.size(); size += 7)
    EXPECT_EQ("", read_bag_metadata(whole.substr(0, size).c_str()).institution) << size;
}

}  // namespace
}  // namespace topobathy
