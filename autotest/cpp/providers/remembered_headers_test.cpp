#include <cpl_vsi.h>
#include <fcntl.h>
#include <gdal_rat.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "cache/fact_file.h"
#include "providers/block_test_files.h"
#include "providers/raster/description_bytes.h"
#include "providers/raster/open_file.h"
#include "providers/raster/raster_catalogue.h"

namespace topobathy {
namespace {

using test::RasterSpec;

/// A catalogue as it was and as it is remembered, each looked at by a process of its own: the store
/// keeps nothing but its file.
class RememberedHeaders : public test::BlockFilesTest {
 protected:
  void make(const std::string& name, int width = 40) const {
    RasterSpec spec;
    spec.width = width;
    spec.height = 30;
    spec.bands = 2;
    spec.nodata = "-9999";
    const auto dataset = test::create_raster(path(name), spec);
    OGRSpatialReference crs;
    crs.importFromEPSG(32618);
    dataset->SetSpatialRef(&crs);
    dataset->GetRasterBand(1)->SetDescription("Elevation");
    dataset->GetRasterBand(2)->SetDescription("Uncertainty");
  }

  RasterCatalogue look(bool remember = true) {
    drop_readers();
    drop_block_cache();
    const auto store = make_fact_file(raster_facts_path(path("cache")), false,
                                      [this](const std::string& text) { warnings_ += text; });
    return RasterCatalogue(step_, path(""), {remember ? store : nullptr, false, nullptr});
  }

  /// The same size and time, nothing else: who opens it notices.
  void hollow_out(const std::string& name) const {
    struct stat status;
    ASSERT_EQ(0, ::stat(path(name).c_str(), &status));
    {
      std::fstream stream(path(name), std::ios::in | std::ios::out | std::ios::binary);
      stream << std::string(static_cast<std::size_t>(status.st_size), 'x');
    }
    const struct timespec times[] = {status.st_atim, status.st_mtim};
    ASSERT_EQ(0, ::utimensat(AT_FDCWD, path(name).c_str(), times, 0));
  }

  Step step_ = [] {
    Step step;
    step.provider = "raster";
    step.files.paths = {"a.tif", "b.tif"};
    return step;
  }();
  std::string warnings_;
};

void expect_same(const CatalogueFile& a, const CatalogueFile& b) {
  EXPECT_EQ(a.path, b.path);
  EXPECT_EQ(a.key, b.key);
  EXPECT_EQ(a.open_options, b.open_options);
  EXPECT_EQ(a.header.path, b.header.path);
  EXPECT_EQ(a.header.driver, b.header.driver);
  EXPECT_TRUE(std::equal(a.header.geotransform, a.header.geotransform + 6, b.header.geotransform));
  EXPECT_EQ(a.header.crs_wkt, b.header.crs_wkt);
  EXPECT_EQ(a.header.bands, b.header.bands);
  EXPECT_EQ(a.header.nodata, b.header.nodata);
  EXPECT_EQ(a.header.band_names, b.header.band_names);
  EXPECT_EQ(a.header.revision, b.header.revision);
  ASSERT_EQ(a.header.levels.size(), b.header.levels.size());
  for (std::size_t i = 0; i < a.header.levels.size(); ++i) {
    EXPECT_EQ(a.header.levels[i].width, b.header.levels[i].width);
    EXPECT_EQ(a.header.levels[i].height, b.header.levels[i].height);
    EXPECT_EQ(a.header.levels[i].block_width, b.header.levels[i].block_width);
    EXPECT_EQ(a.header.levels[i].block_height, b.header.levels[i].block_height);
    EXPECT_EQ(a.levels[i].factor, b.levels[i].factor);
  }
  EXPECT_EQ(a.crs_assumed, b.crs_assumed);
  EXPECT_EQ(a.elevation_band, b.elevation_band);
  EXPECT_EQ(a.uncertainty_band, b.uncertainty_band);
  EXPECT_EQ(a.source_band, b.source_band);
  EXPECT_EQ(a.record.key, b.record.key);
  EXPECT_EQ(a.record.survey_id, b.record.survey_id);
  EXPECT_EQ(a.record.vertical_datum, b.record.vertical_datum);
  ASSERT_EQ(a.contributors.size(), b.contributors.size());
  for (const auto& [value, record] : a.contributors) {
    const SourceRecord& other = b.contributors.at(value);
    EXPECT_EQ(record.key, other.key);
    EXPECT_EQ(record.survey_id, other.survey_id);
    EXPECT_EQ(record.institution, other.institution);
    EXPECT_EQ(record.license_url, other.license_url);
  }
}

TEST_F(RememberedHeaders, are_known_to_the_next_process_without_opening_a_file) {
  make("a.tif");
  make("b.tif");
  const RasterCatalogue first = look();
  ASSERT_EQ(first.files().size(), 2u);
  hollow_out("a.tif");
  hollow_out("b.tif");
  const RasterCatalogue second = look();
  EXPECT_EQ(second.lost(), "");
  ASSERT_EQ(second.files().size(), 2u);
  for (std::size_t i = 0; i < 2; ++i)
    expect_same(first.files()[i], second.files()[i]);
  EXPECT_EQ(look(/*remember=*/false).losses().size(), 2u) << "the files were hollow indeed";
}

TEST_F(RememberedHeaders, a_changed_file_is_opened_again) {
  make("a.tif");
  make("b.tif");
  look();
  make("a.tif", 55);
  EXPECT_EQ(look().files()[0].header.levels[0].width, 55);
  hollow_out("a.tif");
  EXPECT_EQ(look().files()[0].header.levels[0].width, 55) << "the new header is remembered";
}

TEST_F(RememberedHeaders, a_new_or_changed_side_car_is_read) {
  make("a.tif");
  make("b.tif");
  EXPECT_TRUE(look().files()[0].contributors.empty());
  const auto add_survey = [this](const std::string& name) {
    GDALDefaultRasterAttributeTable table;
    table.CreateColumn("value", GFT_Integer, GFU_MinMax);
    table.CreateColumn("source_survey_id", GFT_String, GFU_Generic);
    table.SetRowCount(1);
    table.SetValue(0, 0, 7);
    table.SetValue(0, 1, name.c_str());
    // Opened to read, GDAL writes such a table beside the file.
    const test::DatasetHandle dataset(GDALDataset::Open(path("a.tif").c_str()));
    dataset->GetRasterBand(2)->SetDefaultRAT(&table);
  };
  add_survey("H12345");
  ASSERT_TRUE(std::filesystem::exists(path("a.tif.aux.xml")));
  EXPECT_EQ(look().files()[0].contributors.at(7).survey_id, "H12345");
  const RasterCatalogue known = look();
  EXPECT_EQ(known.files()[0].contributors.at(7).survey_id, "H12345");
  expect_same(known.files()[0], look(/*remember=*/false).files()[0]);
  add_survey("H12345-2");
  EXPECT_EQ(look().files()[0].contributors.at(7).survey_id, "H12345-2");
  std::filesystem::remove(path("a.tif.aux.xml"));
  EXPECT_TRUE(look().files()[0].contributors.empty());
}

TEST_F(RememberedHeaders, steps_share_what_is_known_and_keep_their_own_view) {
  make("a.tif");
  make("b.tif");
  look();
  hollow_out("a.tif");
  step_.files.crs = "EPSG:32619";
  step_.files.paths = {path("a.tif")};
  const RasterCatalogue catalogue = look();
  ASSERT_EQ(catalogue.files().size(), 1u);
  EXPECT_EQ(catalogue.crs_list(), std::vector<std::string>{"EPSG:32619"});
  EXPECT_EQ(catalogue.files()[0].record.key, "file:" + path("a.tif"));
  step_.files.allow_vrt = true;
  EXPECT_EQ(look().losses().size(), 1u) << "opened in another way";
}

TEST_F(RememberedHeaders, what_cannot_be_read_is_tried_again) {
  make("b.tif");
  EXPECT_EQ(look().losses().size(), 1u);
  make("a.tif");
  EXPECT_EQ(look().losses().size(), 0u);
}

TEST_F(RememberedHeaders, a_damaged_store_costs_opening_again) {
  make("a.tif");
  make("b.tif");
  look();
  std::ofstream(raster_facts_path(path("cache"))) << std::string(8192, 'x');
  EXPECT_EQ(look().files().size(), 2u);
  EXPECT_NE(warnings_.find("damaged and made anew"), std::string::npos) << warnings_;
  hollow_out("a.tif");
  EXPECT_EQ(look().files().size(), 2u) << "remembered again";
}

TEST_F(RememberedHeaders, files_in_memory_are_not_remembered) {
  step_.files.paths = {"/vsimem/remembered_headers/a.tif"};
  RasterSpec spec;
  spec.width = spec.height = 10;
  test::create_raster(step_.files.paths[0], spec);
  step_.files.crs = "EPSG:32618";
  EXPECT_EQ(look().files().size(), 1u);
  EXPECT_FALSE(std::filesystem::exists(raster_facts_path(path("cache"))));
  VSIUnlink(step_.files.paths[0].c_str());
}

TEST(DescriptionBytes, foreign_bytes_are_no_description) {
  for (const char* bytes : {"", "x", "\x80", "\x85\x01\x02\x03\x04\x05", "\xff\xff"})
    EXPECT_FALSE(read_description(bytes)) << bytes;
  const std::string good = description_bytes({});
  EXPECT_TRUE(read_description(good));
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(read_description(good.substr(0, size))) << size;
}

}  // namespace
}  // namespace topobathy
