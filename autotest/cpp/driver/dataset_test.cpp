#include "driver/dataset.h"

#include <gtest/gtest.h>

#include <cpl_minixml.h>

#include <cmath>
#include <set>

#include "driver/source_colour.h"
#include "opened.h"

namespace topobathy {
namespace {

using namespace testing_support;

TEST(Dataset, is_georeferenced_by_lattice_and_extent) {
  Opened opened;
  double transform[6];
  ASSERT_EQ(GDALGetGeoTransform(GDALDataset::ToHandle(opened.dataset.get()), transform), CE_None);
  EXPECT_EQ(std::vector<double>(transform, transform + 6),
            (std::vector<double>{512000.0, 10.0, 0.0, 4608000.0, 0.0, -10.0}));
  EXPECT_EQ(opened.dataset->GetRasterXSize(), 1024);
  EXPECT_EQ(opened.dataset->GetRasterYSize(), 512);
  const OGRSpatialReference* srs = opened.dataset->GetSpatialRef();
  ASSERT_NE(srs, nullptr);
  EXPECT_EQ(srs->GetAxisMappingStrategy(), OAMS_TRADITIONAL_GIS_ORDER);
  EXPECT_EQ(srs->GetEPSGGeogCS(), 4326);
}

TEST(Dataset, vertical_crs_shows_unless_switched_off) {
  auto raster = std::make_shared<FakeFusedRaster>();
  OGRSpatialReference compound;
  ASSERT_EQ(compound.SetFromUserInput("EPSG:32619+5703"), OGRERR_NONE);
  raster->set_crs(compound);
  EXPECT_TRUE(Opened({}, raster).dataset->GetSpatialRef()->IsCompound());
  Opened flat({{"VERTICAL_CRS_IN_SRS", "NO"}}, raster);
  EXPECT_FALSE(flat.dataset->GetSpatialRef()->IsCompound());
  EXPECT_TRUE(flat.dataset->GetSpatialRef()->IsProjected());
}

TEST(Dataset, overviews_halve_the_size_and_keep_the_extent) {
  Opened opened;
  ASSERT_EQ(opened.band(1).GetOverviewCount(), 2);
  for (int index = 0; index < 2; ++index) {
    GDALRasterBand* overview = opened.band(1).GetOverview(index);
    ASSERT_NE(overview, nullptr);
    EXPECT_EQ(overview->GetXSize(), 1024 >> (index + 1));
    EXPECT_EQ(overview->GetYSize(), 512 >> (index + 1));
    double transform[6];
    GDALGetGeoTransform(GDALDataset::ToHandle(overview->GetDataset()), transform);
    EXPECT_EQ(transform[0], 512000.0);
    EXPECT_EQ(transform[3], 4608000.0);
    EXPECT_EQ(transform[1] * overview->GetXSize(), 10240.0);
    EXPECT_EQ(transform[5] * overview->GetYSize(), -5120.0);
    EXPECT_NE(overview->GetDataset()->GetSpatialRef(), nullptr);
    EXPECT_STREQ(overview->GetDescription(), "Elevation");
    EXPECT_EQ(overview->GetOverviewCount(), 0);
    EXPECT_EQ(read_floats(*overview, {3, 4, 1, 1}, 1, 1)[0],
              FakeFusedRaster::plane_elevation(index + 1, (51200 >> (index + 1)) + 3,
                                               -(460800 >> (index + 1)) + 4));
  }
  EXPECT_EQ(opened.band(1).GetOverview(2), nullptr);
  EXPECT_EQ(opened.band(1).GetOverview(-1), nullptr);
}

TEST(Dataset, an_overview_of_an_overview_read_is_the_coarser_level) {
  Opened opened;
  GDALRasterBand* half = opened.band(1).GetOverview(0);
  EXPECT_EQ(read_floats(*half, {0, 0, 4, 4}, 2, 2)[0],
            FakeFusedRaster::plane_elevation(2, 12800, -115200));
}

TEST(Dataset, too_many_pixels_for_gdal_are_refused) {
  auto raster = std::make_shared<FakeFusedRaster>(LatticeWindow{0, 0, std::int64_t{1} << 33, 4}, 2);
  try {
    Opened opened({}, raster);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "The raster would have 8589934592 x 4 pixels; choose a coarser resolution or a "
                 "smaller extent");
  }
}

TEST(Dataset, bands_describe_themselves) {
  Opened opened;
  const char* const names[] = {"Elevation", "Uncertainty", "Contributor"};
  const char* const units[] = {"m", "m", ""};
  for (int i = 0; i < 3; ++i) {
    EXPECT_STREQ(opened.band(i + 1).GetDescription(), names[i]);
    EXPECT_STREQ(opened.band(i + 1).GetUnitType(), units[i]);
    EXPECT_EQ(opened.band(i + 1).GetRasterDataType(), GDT_Float32);
    EXPECT_TRUE(std::isnan(opened.band(i + 1).GetNoDataValue(nullptr)));
  }

  EXPECT_EQ(opened.band(1).GetColorInterpretation(), GCI_GrayIndex);
}

TEST(Dataset, default_metadata_say_what_was_opened) {
  Opened opened;
  EXPECT_STREQ(opened.dataset->GetMetadataItem("AREA_OR_POINT", ""), "Area");
  EXPECT_STREQ(opened.dataset->GetMetadataItem("POLICY_NAME", ""), "Fake coast");
  EXPECT_STREQ(opened.dataset->GetMetadataItem("POLICY_VERSION", nullptr), "3");
  EXPECT_STREQ(opened.dataset->GetMetadataItem("POLICY_HASH", ""), std::string(64, 'a').c_str());
  EXPECT_STREQ(opened.dataset->GetMetadataItem("ENGINE_SCHEMA", ""), "1");
  EXPECT_EQ(opened.dataset->GetMetadataItem("VERTICAL_DATUM", ""), nullptr);
}

TEST(Dataset, sources_domain_lists_every_source) {
  Opened opened;
  EXPECT_STREQ(opened.dataset->GetMetadataItem("70000", "SOURCES"),
               "{\"provider\":\"ncei_bag\",\"survey_id\":\"H12345\",\"institution\":\"NOAA <OCS>\","
               "\"date_start\":\"2015-01-02\",\"license_name\":\"CC0-1.0\"}");
  EXPECT_EQ(opened.dataset->GetMetadataItem("1", "SOURCES"), nullptr);
  CSLConstList list = opened.dataset->GetMetadata("SOURCES");
  EXPECT_EQ(CSLCount(list), 2);
  char** domains = opened.dataset->GetMetadataDomainList();
  EXPECT_GE(CSLFindString(domains, "SOURCES"), 0);
  EXPECT_EQ(CSLFindString(domains, "__DEBUG__"), -1) << "counters are for tests, not for listings";
  CSLDestroy(domains);
}

TEST(Dataset, foreign_bytes_in_names_do_not_break_the_sources_domain) {
  Opened opened;
  opened.raster->known[0].second.institution = "Universit\xe9";
  EXPECT_NE(opened.dataset->GetMetadataItem("70000", "SOURCES"), nullptr);
}

TEST(Dataset, counters_count_and_their_texts_stay) {
  Opened opened;
  const char* before = opened.dataset->GetMetadataItem("CELLS_FUSED", "__DEBUG__");
  EXPECT_STREQ(before, "0");
  read_floats(opened.band(1), {0, 0, 4, 4}, 4, 4);
  EXPECT_STREQ(opened.dataset->GetMetadataItem("CELLS_FUSED", "__DEBUG__"), "1");
  EXPECT_STREQ(before, "0");
  for (const char* name :
       {"CELLS_FROM_CACHE", "LAYERS_READ", "LAYERS_OCCLUDED", "SOURCE_PIXELS_READ", "BYTES_FETCHED",
        "PROVIDER_CELLS_FROM_CACHE", "DISCOVER_MICROSECONDS", "FETCH_MICROSECONDS",
        "DECODE_MICROSECONDS", "ALIGN_MICROSECONDS"})
    EXPECT_STREQ(opened.dataset->GetMetadataItem(name, "__DEBUG__"), "0") << name;
  EXPECT_EQ(CSLCount(opened.dataset->GetMetadata("__DEBUG__")), 11);
}

TEST(Dataset, location_info_says_what_made_the_pixel) {
  Opened opened;
  const char* item = opened.band(1).GetMetadataItem("Pixel_3_4", "LocationInfo");
  ASSERT_NE(item, nullptr);
  CPLXMLNode* root = CPLParseXMLString(item);
  ASSERT_NE(root, nullptr);
  EXPECT_STREQ(root->pszValue, "LocationInfo");
  EXPECT_STREQ(CPLGetXMLValue(root, "Pixel.source_id", ""), "70000");
  EXPECT_STREQ(CPLGetXMLValue(root, "Pixel.elevation", ""), "4503.5");
  EXPECT_EQ(CPLGetXMLNode(root, "Pixel.uncertainty"), nullptr);
  EXPECT_STREQ(CPLGetXMLValue(root, "Contributor.step", ""), "survey");
  EXPECT_STREQ(CPLGetXMLValue(root, "Contributor.survey", ""), "H12345");
  EXPECT_STREQ(CPLGetXMLValue(root, "Contributor.institution", ""), "NOAA <OCS>");
  EXPECT_STREQ(CPLGetXMLValue(root, "Contributor.weight", ""), "0.75");
  EXPECT_STREQ(CPLGetXMLValue(root, "Contributor.rule", ""), "metric_feather 200 m");
  EXPECT_STREQ(CPLGetXMLValue(root, "Contributor.date_start", ""), "2015-01-02");
  EXPECT_EQ(CPLGetXMLNode(root, "Contributor.distance"), nullptr);
  EXPECT_STREQ(CPLGetXMLValue(root, "Step.name", ""), "survey");
  CPLDestroyXMLNode(root);
}

TEST(Dataset, location_info_by_place_and_of_an_overview) {
  Opened opened;
  const std::string by_pixel = opened.band(1).GetMetadataItem("Pixel_3_4", "LocationInfo");
  EXPECT_EQ(by_pixel,
            opened.band(1).GetMetadataItem("GeoPixel_512034.9_4607955.1", "LocationInfo"));
  EXPECT_NE(opened.band(1).GetOverview(0)->GetMetadataItem("Pixel_3_4", "LocationInfo"), by_pixel);
  for (const char* item : {"Pixel_1024_0", "Pixel_-1_0", "Pixel_1", "Pixel_1_2_3", "Pixel_a_b",
                           "Pixel_1.5_2", "GeoPixel_0_0", "GeoPixel_nan_nan", "", "Other"})
    EXPECT_EQ(opened.band(1).GetMetadataItem(item, "LocationInfo"), nullptr) << item;
  EXPECT_EQ(opened.band(1).GetMetadataItem("Pixel_1_1", ""), nullptr);
}

TEST(Dataset, attribute_table_has_names_and_distinct_colours) {
  Opened opened;
  GDALRasterAttributeTable* table = opened.band(3).GetDefaultRAT();
  ASSERT_NE(table, nullptr);
  ASSERT_NE(dynamic_cast<GDALDefaultRasterAttributeTable*>(table), nullptr);
  const char* const columns[] = {"value",
                                 "count",
                                 "provider",
                                 "source_survey_id",
                                 "source_institution",
                                 "survey_date_start",
                                 "survey_date_end",
                                 "license_name",
                                 "license_url",
                                 "vertical_datum",
                                 "red",
                                 "green",
                                 "blue",
                                 "category",
                                 "vertical_basis",
                                 "vertical_shift",
                                 "vertical_accuracy",
                                 "resolution",
                                 "link",
                                 "interpolated"};
  ASSERT_EQ(table->GetColumnCount(), 20);
  for (int i = 0; i < 20; ++i)
    EXPECT_STREQ(table->GetNameOfCol(i), columns[i]);
  EXPECT_EQ(table->GetRowCount(), 2);
  const int row = table->GetRowOfValue(70000);
  EXPECT_STREQ(table->GetValueAsString(row, 3), "H12345");
  EXPECT_STREQ(table->GetValueAsString(row, table->GetColOfUsage(GFU_Name)), "ncei_bag: H12345");
  EXPECT_STREQ(table->GetValueAsString(table->GetRowOfValue(70001), 13), "raster: dem.tif");
  EXPECT_EQ(table->GetValueAsInt(row, table->GetColOfUsage(GFU_Red)), source_colour(70000).red);
  EXPECT_EQ(opened.band(1).GetDefaultRAT(), nullptr);
  EXPECT_EQ(opened.band(3).GetCategoryNames(), nullptr);
}

TEST(Dataset, attribute_table_grows_in_place) {
  Opened opened;
  GDALRasterAttributeTable* table = opened.band(3).GetDefaultRAT();
  opened.raster->known.insert(opened.raster->known.begin(), {66000, keyed("raster", "new")});
  EXPECT_EQ(opened.band(3).GetDefaultRAT(), table);
  EXPECT_EQ(table->GetRowCount(), 3);
  EXPECT_EQ(table->GetRowOfValue(66000), 2);
}

TEST(SourceColour, is_fixed_and_tells_neighbours_apart) {
  std::set<std::tuple<int, int, int>> seen;
  for (SourceId id = 65536; id < 65536 + 200; ++id) {
    const Colour a = source_colour(id), b = source_colour(id + 1);
    for (const int part : {a.red, a.green, a.blue})
      ASSERT_TRUE(part >= 0 && part <= 255);
    const int spread = std::max({a.red, a.green, a.blue}) - std::min({a.red, a.green, a.blue});
    EXPECT_GT(spread, 60) << "no grey";
    EXPECT_GT(std::abs(a.red - b.red) + std::abs(a.green - b.green) + std::abs(a.blue - b.blue), 15)
        << id;
    seen.insert({a.red, a.green, a.blue});
  }
  EXPECT_GT(seen.size(), 195U);
}

TEST(Dataset, coverage_is_answered_without_reading) {
  Opened opened;
  double percent = 0.0;
  opened.raster->covered = Coverage::kEmpty;
  EXPECT_EQ(opened.band(1).GetDataCoverageStatus(0, 0, 10, 10, 0, &percent),
            GDAL_DATA_COVERAGE_STATUS_EMPTY);
  EXPECT_EQ(percent, 0.0);
  opened.raster->covered = Coverage::kFull;
  EXPECT_EQ(opened.band(1).GetDataCoverageStatus(0, 0, 10, 10, 0, &percent),
            GDAL_DATA_COVERAGE_STATUS_DATA);
  EXPECT_EQ(percent, 100.0);
  opened.raster->covered = Coverage::kPartial;
  EXPECT_EQ(opened.band(1).GetDataCoverageStatus(0, 0, 10, 10, 0, &percent),
            GDAL_DATA_COVERAGE_STATUS_DATA | GDAL_DATA_COVERAGE_STATUS_EMPTY);
  EXPECT_EQ(percent, -1.0);
  EXPECT_TRUE(opened.raster->reads().empty());
}

TEST(Dataset, advise_read_is_accepted_and_reads_nothing) {
  Opened opened;
  EXPECT_EQ(GDALDatasetAdviseRead(GDALDataset::ToHandle(opened.dataset.get()), 0, 0, 100, 100, 100,
                                  100, GDT_Float32, 3, nullptr, nullptr),
            CE_None);
  EXPECT_EQ(GDALRasterAdviseRead(GDALRasterBand::ToHandle(&opened.band(1)), 0, 0, 100, 100, 100,
                                 100, GDT_Float32, nullptr),
            CE_None);
  EXPECT_TRUE(opened.raster->reads().empty());
}

TEST(Dataset, approximate_statistics_read_an_overview_only) {
  Opened opened({}, std::make_shared<FakeFusedRaster>(LatticeWindow{0, 0, 8192, 8192}, 5));
  double low = 0, high = 0, mean = 0, deviation = 0;
  ASSERT_EQ(
      opened.band(1).ComputeStatistics(TRUE, &low, &high, &mean, &deviation, nullptr, nullptr),
      CE_None);
  std::int64_t pixels = 0;
  for (const auto& read : opened.raster->reads())
    pixels += read.window.area();
  EXPECT_LE(pixels, 256 * 256);
  EXPECT_NE(opened.band(1).GetMetadataItem("STATISTICS_MEAN"), nullptr);
}

TEST(Dataset, file_list_is_the_policy_alone) {
  Opened opened;
  EXPECT_EQ(opened.dataset->GetFileList(), nullptr);
  opened.raster->mutable_policy().file = "/vsimem/policy.yaml";
  char** files = opened.dataset->GetFileList();
  ASSERT_EQ(CSLCount(files), 1);
  EXPECT_STREQ(files[0], "/vsimem/policy.yaml");
  CSLDestroy(files);
}

TEST(Dataset, flush_forgets_pixels_and_looks_at_the_sources_again) {
  Opened opened;
  std::vector<float> block(512 * 512);
  GDALRasterBlock* held = opened.band(1).GetLockedBlockRef(0, 0);
  ASSERT_NE(held, nullptr);
  held->DropLock();
  ASSERT_EQ(opened.raster->reads().size(), 1U);
  opened.dataset->FlushCache(false);
  EXPECT_EQ(opened.raster->refreshed, 1);
  held = opened.band(1).GetLockedBlockRef(0, 0);
  ASSERT_NE(held, nullptr);
  held->DropLock();
  EXPECT_EQ(opened.raster->reads().size(), 2U);
  opened.dataset->FlushCache(true);
  EXPECT_EQ(opened.raster->refreshed, 1) << "closing does not look at sources";
}

TEST(Dataset, overviews_are_dropped_once_and_come_back) {
  Opened opened;
  EXPECT_FALSE(opened.dataset->overviews().drop());
  opened.band(1).GetOverview(0);
  EXPECT_TRUE(opened.dataset->overviews().drop());
  EXPECT_FALSE(opened.dataset->overviews().drop());
  EXPECT_NE(opened.band(1).GetOverview(0), nullptr);
}

TEST(Dataset, internal_overviews_cannot_be_built) {
  Opened opened;
  const SeenErrors seen;
  const int levels[] = {2};
  EXPECT_EQ(GDALBuildOverviews(GDALDataset::ToHandle(opened.dataset.get()), "AVERAGE", 1, levels, 0,
                               nullptr, nullptr, nullptr),
            CE_Failure);
}

}  // namespace
}  // namespace topobathy
