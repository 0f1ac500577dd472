#include "driver/open_options.h"

#include <gtest/gtest.h>

#include <cpl_conv.h>
#include <cpl_minixml.h>
#include <cpl_string.h>

#include <cmath>
#include <fstream>
#include <regex>
#include <sstream>

#include "fusion/error.h"

namespace topobathy {
namespace {

std::string refusal(const NamedValues& options) {
  try {
    read_settings(options);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.what();
  }
  return "";
}

TEST(OpenOptions, all_reach_the_request) {
  const OpenSettings s = read_settings({{"crs", "EPSG:3857"},
                                        {"Resolution", "12.5"},
                                        {"BBOX", "170, -20, -170, -10"},
                                        {"BBOX_CRS", "EPSG:4269"},
                                        {"BANDS", "contributor,Elevation"},
                                        {"NODATA", "-9999"},
                                        {"CONTRIBUTOR_TYPE", "uint32"},
                                        {"OVERVIEW", "shoalest"},
                                        {"CACHE", "read_only"},
                                        {"CACHE_DIR", "/tmp/x"},
                                        {"OFFLINE", "yes"},
                                        {"ON_ERROR", "skip"},
                                        {"NUM_THREADS", "3"},
                                        {"VERTICAL_CRS_IN_SRS", "NO"}});
  EXPECT_EQ(s.request.crs, "EPSG:3857");
  EXPECT_EQ(s.request.resolution, 12.5);
  EXPECT_EQ(s.request.bbox->west, 170.0);
  EXPECT_EQ(s.request.bbox->north, -10.0);
  EXPECT_EQ(s.request.bbox_crs, "EPSG:4269");
  EXPECT_EQ(s.layout.bands, (std::vector<BandKind>{BandKind::kContributor, BandKind::kElevation}));
  EXPECT_EQ(s.layout.nodata, -9999.f);
  EXPECT_TRUE(s.layout.typed_contributor);
  EXPECT_EQ(s.request.overview, OverviewRule::kShoalest);
  EXPECT_EQ(s.request.cache, CacheMode::kReadOnly);
  EXPECT_EQ(s.request.cache_dir, "/tmp/x");
  EXPECT_TRUE(s.request.offline);
  EXPECT_EQ(s.request.on_error, OnError::kSkip);
  EXPECT_EQ(s.request.threads, 3);
  EXPECT_FALSE(s.vertical_crs_in_srs);
  EXPECT_EQ(read_settings({{"ZOOM", "14"}}).request.zoom, 14);
}

TEST(OpenOptions, defaults_leave_the_policy_alone) {
  const OpenSettings s = read_settings({});
  EXPECT_FALSE(s.request.crs || s.request.resolution || s.request.zoom || s.request.bbox ||
               s.request.overview || s.request.on_error);
  EXPECT_EQ(s.request.cache, CacheMode::kReadWrite);
  EXPECT_EQ(s.layout.bands.size(), 3U);
  EXPECT_TRUE(std::isnan(s.layout.nodata));
  EXPECT_EQ(s.request.threads, 0);
}

TEST(OpenOptions, configuration_gives_cache_directory_and_threads) {
  CPLSetThreadLocalConfigOption("TOPOBATHY_CACHE_DIR", "/tmp/config");
  CPLSetThreadLocalConfigOption("GDAL_NUM_THREADS", "2");
  EXPECT_EQ(read_settings({}).request.cache_dir, "/tmp/config");
  EXPECT_EQ(read_settings({}).request.threads, 2);
  EXPECT_EQ(read_settings({{"NUM_THREADS", "ALL_CPUS"}}).request.threads, 0);
  CPLSetThreadLocalConfigOption("GDAL_NUM_THREADS", "ALL_CPUS");
  EXPECT_EQ(read_settings({}).request.threads, 0);
  CPLSetThreadLocalConfigOption("GDAL_NUM_THREADS", nullptr);
  CPLSetThreadLocalConfigOption("TOPOBATHY_CACHE_DIR", nullptr);
}

struct Refusal {
  NamedValues options;
  const char* message;
};

TEST(OpenOptions, refusals_say_what_to_write) {
  const Refusal refusals[] = {
      {{{"RESOLUTON", "10"}}, "Unknown open option RESOLUTON; did you mean RESOLUTION?"},
      {{{"FROBNICATE", "1"}},
       "Unknown open option FROBNICATE; gdalinfo --format TOPOBATHY lists the options"},
      {{{"RESOLUTION", "abc"}}, "Open option RESOLUTION=abc: not a number"},
      {{{"RESOLUTION", "10m"}}, "Open option RESOLUTION=10m: not a number"},
      {{{"RESOLUTION", "nan"}}, "Open option RESOLUTION=nan: not a number"},
      {{{"RESOLUTION", ""}}, "Open option RESOLUTION=: the value is empty"},
      {{{"RESOLUTION", "0"}}, "Open option RESOLUTION=0: out of range, 1e-06 to 1e+07"},
      {{{"ZOOM", "31"}}, "Open option ZOOM=31: out of range, 0 to 30"},
      {{{"ZOOM", "3.5"}}, "Open option ZOOM=3.5: not a whole number"},
      {{{"RESOLUTION", "10"}, {"ZOOM", "3"}},
       "Open options RESOLUTION and ZOOM exclude each other; give one"},
      {{{"BBOX", "1,2,3"}}, "Open option BBOX=1,2,3: give four numbers: west,south,east,north"},
      {{{"BBOX", "1,2,3,x"}}, "Open option BBOX=x: not a number"},
      {{{"BBOX", "1,4,3,2"}}, "Open option BBOX=1,4,3,2: south must be below north"},
      {{{"BBOX", "1,2,1,3"}}, "Open option BBOX=1,2,1,3: west and east are the same"},
      {{{"BBOX_CRS", "EPSG:4269"}}, "Open option BBOX_CRS has no effect without BBOX"},
      {{{"BANDS", "Elevation,Contributer"}},
       "Open option BANDS=Elevation,Contributer: no band is called \"Contributer\"; did you mean "
       "Contributor?"},
      {{{"BANDS", "Elevation,"}},
       "Open option BANDS=Elevation,: no band is called \"\"; bands are Elevation, Uncertainty and "
       "Contributor"},
      {{{"BANDS", "Elevation,elevation"}},
       "Open option BANDS=Elevation,elevation: Elevation is given twice"},
      {{{"NODATA", "1e300"}}, "Open option NODATA=1e300: Float32 cannot hold this number"},
      {{{"NODATA", "70000"}},
       "Open option NODATA=70000 could be a source id of the Contributor band; choose another "
       "value "
       "or CONTRIBUTOR_TYPE=UInt32"},
      {{{"CONTRIBUTOR_TYPE", "UInt23"}},
       "Open option CONTRIBUTOR_TYPE=UInt23: not a choice; did you mean UInt32?"},
      {{{"OVERVIEW", "nearest"}},
       "Open option OVERVIEW=nearest: not a choice; give one of MEAN, SHOALEST"},
      {{{"CACHE", "NO"}},
       "Open option CACHE=NO: not a choice; give one of READ_WRITE, READ_ONLY, OFF"},
      {{{"OFFLINE", "maybe"}}, "Open option OFFLINE=maybe: give YES or NO"},
      {{{"NUM_THREADS", "0"}},
       "Open option NUM_THREADS=0: give ALL_CPUS or a whole number from 1 to 1024"},
  };
  for (const Refusal& r : refusals)
    EXPECT_EQ(refusal(r.options), r.message);
}

TEST(OpenOptions, nodata_of_other_bands_may_look_like_an_id) {
  EXPECT_EQ(refusal({{"NODATA", "70000"}, {"BANDS", "Elevation"}}), "");
  EXPECT_EQ(refusal({{"NODATA", "70000"}, {"CONTRIBUTOR_TYPE", "UInt32"}}), "");
  EXPECT_EQ(refusal({{"NODATA", "0"}}), "");
  EXPECT_EQ(read_settings({{"NODATA", "-3.4028234663852886e+38"}}).layout.nodata,
            std::numeric_limits<float>::lowest());
}

TEST(OpenOptions, gdal_list_is_well_formed_and_complete) {
  CPLXMLNode* list = CPLParseXMLString(open_option_list_xml().c_str());
  ASSERT_NE(list, nullptr);
  std::size_t count = 0;
  for (const CPLXMLNode* node = list->psChild; node != nullptr; node = node->psNext, ++count)
    EXPECT_STREQ(CPLGetXMLValue(node, "name", ""), option_specs()[count].name);
  EXPECT_EQ(count, option_specs().size());
  CPLDestroyXMLNode(list);
}

TEST(OpenOptions, every_default_is_a_valid_value) {
  for (const OptionSpec& spec : option_specs()) {
    if (spec.default_value.empty() || std::string(spec.name) == "BBOX_CRS") continue;
    EXPECT_EQ(refusal({{spec.name, spec.default_value}}), "") << spec.name;
  }
}

/// One line a row: | `NAME` | type | default | help |
std::string documentation_row(const OptionSpec& spec) {
  std::string type = spec.type;
  if (!spec.choices.empty()) {
    type.clear();
    for (const std::string& choice : spec.choices)
      type.append(type.empty() ? "" : ", ").append("`" + choice + "`");
  }
  if (spec.min && spec.max) type += CPLSPrintf(", %g to %g", *spec.min, *spec.max);
  const std::string standard = spec.default_value.empty() ? "" : "`" + spec.default_value + "`";
  return std::string("| `") + spec.name + "` | " + type + " | " + standard + " | " + spec.help +
         " |";
}

TEST(OpenOptions, documentation_has_the_same_table) {
  std::ifstream file(TOPOBATHY_AUTOTEST_DIR "/../docs/driver.md");
  std::stringstream text;
  text << file.rdbuf();
  std::string expected;
  for (const OptionSpec& spec : option_specs())
    expected += documentation_row(spec) + "\n";
  EXPECT_NE(text.str().find(expected), std::string::npos) << "docs/driver.md must have:\n"
                                                          << expected;
}

TEST(OpenOptions, troubleshooting_has_a_heading_for_every_refusal) {
  std::ifstream file(TOPOBATHY_AUTOTEST_DIR "/../docs/troubleshooting-driver.md");
  std::stringstream text;
  text << file.rdbuf();
  for (const char* heading : {"Unknown open option",
                              "not a number",
                              "the value is empty",
                              "out of range",
                              "not a whole number",
                              "RESOLUTION and ZOOM exclude each other",
                              "give four numbers",
                              "south must be below north",
                              "west and east are the same",
                              "has no effect without BBOX",
                              "no band is called",
                              "is given twice",
                              "Float32 cannot hold this number",
                              "could be a source id",
                              "not a choice",
                              "give YES or NO",
                              "give ALL_CPUS",
                              "no policy given",
                              "is not option=value",
                              "in the connection string and",
                              "Inline policies are switched off",
                              "does not support update access",
                              "The raster would have"})
    EXPECT_TRUE(std::regex_search(text.str(), std::regex(std::string("## [^\n]*") + heading)))
        << heading;
}

}  // namespace
}  // namespace topobathy
