#include <gmock/gmock.h>

#include <fstream>

#include "archives/gebco_fixture.h"
#include "providers/raster/catalogue_ids.h"
#include "providers/raster/describe_files.h"

// Filters of archives whose files hold many surveys: they choose among these, not among files.
namespace topobathy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// The surveys of an archive's file that a step shows.
std::vector<std::string> shown_surveys(const AssetFile& file, const Asset& asset,
                                       const Step& step) {
  const ArchivedFile archived{asset.record, asset.heights, file.sidecar, asset.revision};
  const NamedFile name{file.path, asset.id, std::make_shared<ArchivedFile>(archived)};
  const RasterCatalogue catalogue(describe_files({name}, step, {}), step);
  EXPECT_THAT(catalogue.losses(), IsEmpty());
  MemorySourceIds sources;
  std::vector<std::string> surveys;
  for (const SourceId id : CatalogueIds(catalogue, step.filter, sources).all())
    surveys.push_back(sources.find(id)->survey_id);
  return surveys;
}

class GebcoFilter : public test::GebcoTest {
 protected:
  std::vector<std::string> shown(const Filter& filter) {
    serve_structure("sub_ice");
    serve_tile(42, -71);
    const auto gebco = archive("gebco_2025");
    const Asset asset = gebco->find({-70.5, 42.5, -70.5, 42.5}).at(0).asset;
    Step step;
    step.provider = "gebco_2025";
    step.filter = filter;
    return shown_surveys(gebco->open(asset, 460), asset, step);
  }
};

TEST_F(GebcoFilter, patterns_are_on_how_a_pixel_was_found) {
  Filter filter;
  EXPECT_EQ(4U, shown(filter).size());
  filter.exclude_patterns = {"GEBCO 2025 (TID 4?)"};
  EXPECT_THAT(shown(filter), UnorderedElementsAre("GEBCO 2025 (TID 0)", "GEBCO 2025 (TID 11)",
                                                  "GEBCO 2025 (TID 17)"));
  filter.include_patterns = {"GEBCO 2025 (TID 1?)", "*(TID 40)"};
  EXPECT_THAT(shown(filter), UnorderedElementsAre("GEBCO 2025 (TID 11)", "GEBCO 2025 (TID 17)"));
}

/// A BlueTopo tile of three contributors.
class BluetopoFilter : public testing::Test {
 protected:
  BluetopoFilter() {
    GDALAllRegister();
    file_.path = directory_.path() + "/BlueTopo_T_20250101.tiff";
    GDALDriver* const driver = GetGDALDriverManager()->GetDriverByName("GTiff");
    const std::unique_ptr<GDALDataset> tile(
        driver->Create(file_.path.c_str(), 8, 8, 3, GDT_Float32, nullptr));
    double geotransform[6] = {500000, 4, 0, 4500000, 0, -4};
    tile->SetGeoTransform(geotransform);
    OGRSpatialReference crs;
    crs.importFromEPSG(26918);
    tile->SetSpatialRef(&crs);
    asset_.id = "T";
    asset_.record.provider = "noaa_bluetopo";
    asset_.record.key = "file:T";
    step_.provider = "noaa_bluetopo";
  }

  void write_sidecar() {
    file_.sidecar = directory_.path() + "/side-car.xml";
    std::ofstream sidecar(file_.sidecar);
    sidecar
        << "<PAMDataset><PAMRasterBand band=\"3\"><GDALRasterAttributeTable>"
           "<FieldDefn index=\"0\"><Name>value</Name><Type>0</Type><Usage>5</Usage></FieldDefn>";
    for (const char* const name : {"source_survey_id", "survey_date_start", "survey_date_end"})
      sidecar << "<FieldDefn index=\"1\"><Name>" << name
              << "</Name><Type>2</Type><Usage>0</Usage></FieldDefn>";
    sidecar
        << "<Row index=\"0\"><F>7</F><F>H09999</F><F>1982-05-01</F><F>1983-06-30</F></Row>"
           "<Row index=\"1\"><F>8</F><F>H12345.interpolated</F><F>2012-07-01</F><F>N/A</F></Row>"
           "<Row index=\"2\"><F>9</F><F>Chart 13283</F><F>N/A</F><F>N/A</F></Row>"
           "</GDALRasterAttributeTable></PAMRasterBand></PAMDataset>";
  }
  std::vector<std::string> shown() const { return shown_surveys(file_, asset_, step_); }

  TestDirectory directory_;
  AssetFile file_;
  Asset asset_;
  Step step_;
};

TEST_F(BluetopoFilter, patterns_are_on_the_survey_ids_of_contributors) {
  write_sidecar();
  EXPECT_THAT(shown(), UnorderedElementsAre("H09999", "H12345.interpolated", "Chart 13283"));
  step_.filter.exclude_patterns = {"*.interpolated", "Chart*"};
  EXPECT_THAT(shown(), ElementsAre("H09999"));
  step_.filter.exclude_patterns.clear();
  step_.filter.include_patterns = {"(?i)^h12"};
  EXPECT_THAT(shown(), ElementsAre("H12345.interpolated"));
}

TEST_F(BluetopoFilter, min_year_is_on_the_last_day_of_a_contributor_and_keeps_the_undated) {
  write_sidecar();
  step_.filter.min_year = 1983;
  EXPECT_THAT(shown(), UnorderedElementsAre("H09999", "H12345.interpolated", "Chart 13283"));
  step_.filter.min_year = 1984;
  EXPECT_THAT(shown(), UnorderedElementsAre("H12345.interpolated", "Chart 13283"));
  step_.filter.min_year = 2013;
  EXPECT_THAT(shown(), ElementsAre("Chart 13283"));
}

TEST_F(BluetopoFilter, a_tile_that_names_no_survey_matches_no_pattern) {
  EXPECT_EQ(1U, shown().size());
  step_.filter.exclude_patterns = {"H1*"};
  EXPECT_EQ(1U, shown().size());
  step_.filter.include_patterns = {"H1*"};
  EXPECT_THAT(shown(), IsEmpty());
}

}  // namespace
}  // namespace topobathy
