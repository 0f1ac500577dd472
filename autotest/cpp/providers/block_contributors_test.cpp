#include <fstream>

#include <gdal_rat.h>

#include "fusion/error.h"
#include "needed_data.h"
#include "providers/block_test_files.h"
#include "providers/raster/contributor_table.h"

namespace topobathy {
namespace {

using test::RasterSpec;

const std::string kSideCar =
    test::shared_data() + "/bluetopo/BlueTopo_BH54S4ZB_20251117.tiff.aux.xml";

using BlockContributors = test::BlockFilesTest;

TEST_F(BlockContributors, the_true_bluetopo_side_car_is_read_from_band_three) {
  TOPOBATHY_NEED_FILE(kSideCar);
  RasterSpec spec;
  spec.width = spec.height = 10;
  spec.bands = 3;
  const std::string file = path("BlueTopo_BH54S4ZB_20251117.tiff");
  test::create_raster(file, spec);
  std::filesystem::copy_file(kSideCar, file + ".aux.xml",
                             std::filesystem::copy_options::overwrite_existing);
  const ContributorTable table = read_contributor_table(file, {});
  EXPECT_EQ(3, table.band);
  EXPECT_EQ(16U, table.sources.size());
  const SourceRecord& survey = table.sources.at(14748);
  EXPECT_EQ("H11566_LI_3m_MLLW_1of1", survey.survey_id);
  EXPECT_EQ("DOC/NOAA/NOS/OCS -- Office of Coast Survey", survey.institution);
  EXPECT_EQ("2006-04-07", survey.date_start);
  EXPECT_EQ("2006-05-15", survey.date_end);
  EXPECT_EQ("cc0-1.0", survey.license_name);
  EXPECT_EQ("https://creativecommons.org/publicdomain/zero/1.0/legalcode", survey.license_url);
  EXPECT_EQ("", survey.vertical_datum);
  EXPECT_EQ("", survey.provider);
  EXPECT_EQ("NBS Generalization", table.sources.at(0).survey_id);
  EXPECT_EQ("", table.sources.at(0).date_start) << "N/A is not stated";
  EXPECT_EQ("Contributor", open_raster(file, {})->header().band_names[2]);
}

TEST_F(BlockContributors, columns_are_found_without_case_in_any_band_and_odd_rows_are_left_out) {
  RasterSpec spec;
  spec.width = spec.height = 10;
  spec.bands = 2;
  {
    const auto dataset = test::create_raster(path("a.tif"), spec);
    GDALDefaultRasterAttributeTable table;
    table.CreateColumn("VALUE", GFT_Real, GFU_MinMax);
    table.CreateColumn("Vertical_Datum", GFT_String, GFU_Generic);
    table.SetValue(0, 0, 12.0);
    table.SetValue(0, 1, " NAVD88 ");
    table.SetValue(1, 0, 12.5);
    table.SetValue(1, 1, "between ids");
    ASSERT_EQ(CE_None, dataset->GetRasterBand(2)->SetDefaultRAT(&table));
  }
  const ContributorTable table = read_contributor_table(path("a.tif"), {});
  EXPECT_EQ(2, table.band);
  ASSERT_EQ(1U, table.sources.size());
  EXPECT_EQ("NAVD88", table.sources.at(12).vertical_datum);
}

TEST_F(BlockContributors, a_file_without_a_table_has_no_contributors) {
  RasterSpec spec;
  spec.width = spec.height = 10;
  test::create_raster(path("a.tif"), spec);
  const ContributorTable table = read_contributor_table(path("a.tif"), {});
  EXPECT_EQ(0, table.band);
  EXPECT_TRUE(table.sources.empty());
  EXPECT_THROW(read_contributor_table(path("missing.tif"), {}), Error);
}

}  // namespace
}  // namespace topobathy
