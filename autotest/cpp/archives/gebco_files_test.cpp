#include <cmath>
#include <fstream>

#include <cpl_conv.h>

#include "archives/gebco_fixture.h"
#include "needed_data.h"
#include "providers/raster/contributor_table.h"
#include "refusal.h"

namespace topobathy {
namespace {

using test::band_pixels;
using testing_support::refusal;
using Names = std::vector<std::string>;

/// A real regional cut, as the download page of GEBCO gives it (of the 2023 edition: the format is
/// the same).
const std::string kRegional =
    test::shared_data() + "/global/gebco_2023_n48.8518_s47.1651_w-124.837_e-122.1564.nc";

class GebcoFilesTest : public test::GebcoTest {
 protected:
  GebcoFilesTest() : local_("TOPOBATHY_GEBCO_DIR", folder().c_str(), false) {
    std::filesystem::create_directories(folder());
  }
  std::string folder() const { return directory_.path() + "/gebco"; }

  /// A GeoTIFF of `degrees` by `degrees` whose pixels are `value` plus their row.
  void write_grid(const std::string& name, double west, double north, int degrees, float value,
                  double pixel = 1.0 / 240) {
    const int edge = degrees * 240;
    GDALDriver* const driver = GetGDALDriverManager()->GetDriverByName("GTiff");
    std::unique_ptr<GDALDataset> file(
        driver->Create((folder() + "/" + name).c_str(), edge, edge, 1, GDT_Int16, nullptr));
    double transform[6] = {west, pixel, 0, north, 0, -pixel};
    file->SetGeoTransform(transform);
    std::vector<float> row(static_cast<std::size_t>(edge));
    for (int r = 0; r < edge; ++r) {
      std::fill(row.begin(), row.end(), value + static_cast<float>(r));
      ASSERT_EQ(CE_None, file->GetRasterBand(1)->RasterIO(GF_Write, 0, r, edge, 1, row.data(), edge,
                                                          1, GDT_Float32, 0, 0, nullptr));
    }
  }
  /// Identifiers: one value everywhere.
  void write_identifiers(const std::string& name, double west, double north, int degrees,
                         double value) {
    write_grid(name, west, north, degrees, 0);
    std::unique_ptr<GDALDataset> file(
        GDALDataset::Open((folder() + "/" + name).c_str(), GDAL_OF_UPDATE));
    file->GetRasterBand(1)->Fill(value);
  }
  AssetFile open(double lon, double lat) {
    const auto gebco = archive("gebco_2025");
    return gebco->open(gebco->find({lon, lat, lon, lat}).at(0).asset, 30);
  }

 private:
  CPLConfigOptionSetter local_;
};

TEST_F(GebcoFilesTest, stand_for_the_archive_without_any_request) {
  write_grid("gebco_2025_sub_ice_n44.0_s42.0_w-72.0_e-70.0.tif", -72, 44, 2, -500);
  write_identifiers("GEBCO_2025_TID_n44.0_s42.0_w-72.0_e-70.0.tif", -72, 44, 2, 11);
  write_grid("gebco_2025_n44.0_s42.0_w-72.0_e-70.0.tif", -72, 44, 2, 900);
  write_grid("gebco_2024_sub_ice_n46.0_s44.0_w-72.0_e-70.0.tif", -72, 46, 2, 1);
  const auto gebco = archive("gebco_2025");
  EXPECT_EQ((Names{"n42_w071", "n42_w072", "n43_w071", "n43_w072"}),
            ids(gebco->find({-80, 30, -60, 50})));
  const Asset asset = gebco->find({-71.5, 42.5, -71.5, 42.5}).at(0).asset;
  EXPECT_TRUE(gebco->is_local(asset, 30));
  const AssetFile file = gebco->open(asset, 30);
  const auto elevation = band_pixels(file.path, 1);
  EXPECT_EQ(-500 + 240, elevation[0]) << "the tile's first row is the 241st of the file";
  EXPECT_EQ(-500 + 479, elevation[57599]);
  EXPECT_EQ(11, band_pixels(file.path, 2)[0]);
  EXPECT_EQ("GEBCO 2025 (TID 11)", read_contributor_table(file.path, {}).sources.at(11).survey_id);
  EXPECT_TRUE(http_->calls().empty());
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(GebcoFilesTest, of_the_ice_surface_are_those_without_sub_ice_in_their_name) {
  write_grid("gebco_2025_sub_ice_n44.0_s42.0_w-72.0_e-70.0.tif", -72, 44, 2, -500);
  write_grid("gebco_2025_n44.0_s42.0_w-72.0_e-70.0.tif", -72, 44, 2, 900);
  const auto gebco = archive("gebco_2025", "ice_surface");
  const Asset asset = gebco->find({-71.5, 43.5, -71.5, 43.5}).at(0).asset;
  EXPECT_EQ(900, band_pixels(gebco->open(asset, 30).path, 1)[0]);
}

TEST_F(GebcoFilesTest, without_identifiers_name_gebco_as_a_whole_and_warn_once) {
  write_grid("gebco_2025_sub_ice_n43.0_s42.0_w-71.0_e-70.0.tif", -71, 43, 1, -500);
  const auto gebco = archive("gebco_2025");
  gebco->find({-70.5, 42.5, -70.5, 42.5});
  const Asset asset = gebco->find({-70.5, 42.5, -70.5, 42.5}).at(0).asset;
  EXPECT_EQ(0, read_contributor_table(gebco->open(asset, 30).path, {}).band);
  EXPECT_EQ("GEBCO 2025", asset.record.survey_id);
  EXPECT_EQ((Names{"TOPOBATHY_GEBCO_DIR '" + folder() +
                   "' holds no type identifiers (gebco_2025_tid*): all pixels are named 'GEBCO "
                   "2025'"}),
            warnings_);
}

TEST_F(GebcoFilesTest, with_identifiers_for_a_part_are_refused_there) {
  write_grid("gebco_2025_sub_ice_n44.0_s42.0_w-72.0_e-70.0.tif", -72, 44, 2, -500);
  write_identifiers("gebco_2025_tid_n43.0_s42.0_w-71.0_e-70.0.tif", -71, 43, 1, 11);
  EXPECT_NO_THROW(open(-70.5, 42.5));
  EXPECT_EQ("the type identifiers in TOPOBATHY_GEBCO_DIR '" + folder() +
                "' cover less of tile n43_w071 than the elevation does: add the rest, or take "
                "gebco_2025_tid* out to have all pixels named 'GEBCO 2025'",
            refusal(ErrorCode::kUnsupported, [&] { open(-70.5, 43.5); }));
}

TEST_F(GebcoFilesTest, a_regional_netcdf_without_a_crs_is_cut_into_tiles_with_one) {
  TOPOBATHY_NEED_FILE(kRegional);
  std::filesystem::copy_file(kRegional,
                             folder() + "/gebco_2025_n48.8518_s47.1651_w-124.837_e-122.1564.nc");
  const auto gebco = archive("gebco_2025", "ice_surface");
  EXPECT_EQ((Names{"n47_w123", "n47_w124", "n47_w125", "n48_w123", "n48_w124", "n48_w125"}),
            ids(gebco->find({-180, -90, 180, 90})));
  const Asset asset = gebco->find({-123.5, 47.5, -123.5, 47.5}).at(0).asset;
  const std::string path = gebco->open(asset, 30).path;
  const auto tile = band_pixels(path, 1);
  const auto whole = band_pixels(kRegional, 1);
  ASSERT_EQ(643U * 404, whole.size());
  // The file begins at 48.85 N, 124.8375 W: its row 204, column 201 is the tile's first pixel.
  for (std::size_t row = 0; row < 200; ++row)
    for (std::size_t col = 0; col < 240; ++col)
      ASSERT_EQ(whole[(row + 204) * 643 + col + 201], tile[row * 240 + col]) << row << " " << col;
  EXPECT_TRUE(std::isnan(tile[200 * 240])) << "the file ends at 47.1667 N";
  std::unique_ptr<GDALDataset> opened(GDALDataset::Open(path.c_str()));
  EXPECT_STREQ("4326", opened->GetSpatialRef()->GetAuthorityCode(nullptr));
}

TEST_F(GebcoFilesTest, that_change_make_new_tiles) {
  write_grid("gebco_2025_sub_ice_n43.0_s42.0_w-71.0_e-70.0.tif", -71, 43, 1, -500);
  const std::string first = open(-70.5, 42.5).path;
  write_grid("gebco_2025_sub_ice_n43.0_s42.0_w-71.0_e-70.0.tif", -71, 43, 1, -400);
  const std::string second = open(-70.5, 42.5).path;
  EXPECT_NE(first, second);
  EXPECT_EQ(-400, band_pixels(second, 1)[0]);
}

TEST_F(GebcoFilesTest, that_change_under_an_open_policy_are_refused) {
  const std::string name = "gebco_2025_sub_ice_n43.0_s42.0_w-71.0_e-70.0.tif";
  write_grid(name, -71, 43, 1, -500);
  const auto gebco = archive("gebco_2025");
  const Asset asset = gebco->find({-70.5, 42.5, -70.5, 42.5}).at(0).asset;
  write_grid(name, -71, 43, 1, -400);
  EXPECT_EQ(
      "'" + folder() + "/" + name + "' has changed since it was looked at; open the policy again",
      refusal(ErrorCode::kUnreadable, [&] { gebco->open(asset, 30); }));
}

TEST_F(GebcoFilesTest, that_are_none_are_told) {
  const auto find = [&] { archive("gebco_2025")->find({0, 0, 1, 1}); };
  EXPECT_EQ("TOPOBATHY_GEBCO_DIR '" + folder() +
                "' holds no file of GEBCO 2025, product sub_ice (GEBCO_2025*.nc or "
                "gebco_2025*.tif, with sub_ice in the name for product sub_ice); put one there, or "
                "unset it to use the archive's server",
            refusal(ErrorCode::kNotFound, find));
  const std::string name = "gebco_2025_sub_ice_n43.0_s42.0_w-71.0_e-70.0.tif";
  write_grid(name, -71, 43, 1, 0, 1.0 / 120);
  EXPECT_EQ("cannot use '" + folder() + "/" + name +
                "' as a file of GEBCO: its pixels are not those of the 15 arc-second grid; take it "
                "out of TOPOBATHY_GEBCO_DIR",
            refusal(ErrorCode::kUnsupported, find));
  write_grid(name, -71.001, 43, 1, 0);
  EXPECT_NE(std::string::npos,
            refusal(ErrorCode::kUnsupported, find).find("are not those of the 15 arc-second grid"));
  std::ofstream(folder() + "/" + name) << "cut short";
  EXPECT_NE(std::string::npos,
            refusal(ErrorCode::kUnreadable, find).find("no GDAL raster driver recognises it"));
  std::filesystem::remove_all(folder());
  EXPECT_EQ("cannot list TOPOBATHY_GEBCO_DIR '" + folder() +
                "': No such file or directory; correct it, or unset it to use the archive's server",
            refusal(ErrorCode::kNotFound, find));
}

}  // namespace
}  // namespace topobathy
