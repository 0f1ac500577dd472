// Files of other libraries that an audit of the cache reads: sound ones are sound, damage is found.
#include <gmock/gmock.h>

#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gdal_priv.h>
#include <gtest/gtest.h>
#include <ogrsf_frmts.h>

#include "cache/test_directory.h"
#include "lidar_files.h"
#include "needed_data.h"
#include "providers/audit/check_file.h"

namespace topobathy {
namespace {

using State = ForeignVerdict::State;
using ::testing::HasSubstr;
using testing_support::lidar_file;

class AuditFile : public ::testing::Test {
 protected:
  AuditFile() { GDALAllRegister(); }

  static std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  std::string write(const std::string& name, const std::string& content) const {
    const std::string path = directory_.path() + "/" + name;
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  std::string copy(const std::string& from, const std::string& name) const {
    return write(name, content_of(from));
  }
  static void flip(const std::string& path, double part, std::size_t bytes = 16) {
    std::string content = content_of(path);
    const auto at = static_cast<std::size_t>(static_cast<double>(content.size()) * part);
    for (std::size_t i = at; i < at + bytes && i < content.size(); ++i)
      content[i] = static_cast<char>(~content[i]);
    std::ofstream(path, std::ios::binary) << content;
  }
  static void cut(const std::string& path, double part) {
    std::string content = content_of(path);
    content.resize(static_cast<std::size_t>(static_cast<double>(content.size()) * part));
    std::ofstream(path, std::ios::binary) << content;
  }

  static ForeignVerdict check(const std::string& path, bool quick = false) {
    return check_foreign_file(path, foreign_format(path), quick);
  }
  static void expect_sound(const std::string& path) {
    for (const bool quick : {false, true})
      EXPECT_EQ(check(path, quick).what, "") << path;
  }
  static void expect_damaged(const std::string& path) {
    EXPECT_EQ(check(path).state, State::kDamaged) << path;
  }

  /// Of a format that GDAL makes, with noise so that it does not pack away.
  std::string made(const std::string& driver, const std::string& name, int edge = 300) const {
    auto* const memory = GetGDALDriverManager()->GetDriverByName("MEM");
    const std::unique_ptr<GDALDataset> source(memory->Create("", edge, edge, 3, GDT_Byte, nullptr));
    std::vector<unsigned char> noise(static_cast<std::size_t>(edge * edge));
    for (std::size_t i = 0; i < noise.size(); ++i)
      noise[i] = static_cast<unsigned char>(i * i * 31 >> 7);
    for (int band = 1; band <= 3; ++band)
      EXPECT_EQ(source->GetRasterBand(band)->RasterIO(GF_Write, 0, 0, edge, edge, noise.data(),
                                                      edge, edge, GDT_Byte, 0, 0, nullptr),
                CE_None);
    const std::string path = directory_.path() + "/" + name;
    const std::unique_ptr<GDALDataset> file(
        GetGDALDriverManager()
            ->GetDriverByName(driver.c_str())
            ->CreateCopy(path.c_str(), source.get(), FALSE, nullptr, nullptr, nullptr));
    return path;
  }

  TestDirectory directory_;
};

TEST_F(AuditFile, pictures) {
  for (const auto& [driver, name] : {std::pair("PNG", "a.png"), std::pair("JPEG", "a.jpg")}) {
    const std::string whole = made(driver, name);
    expect_sound(whole);
    const std::string short_one = copy(whole, std::string("short_") + name);
    cut(short_one, 0.7);
    expect_damaged(short_one);
    const std::string none = write(std::string("none_") + name, "<html>");
    expect_damaged(none);
  }
  const std::string flipped = made("PNG", "b.png");
  flip(flipped, 0.5, 1);
  expect_damaged(flipped);
}

TEST_F(AuditFile, geotiff_with_overviews) {
  const std::string path = made("GTiff", "a.tif", 600);
  {
    const std::unique_ptr<GDALDataset> file(GDALDataset::Open(
        path.c_str(), GDAL_OF_RASTER | GDAL_OF_UPDATE, nullptr, nullptr, nullptr));
    const int levels[] = {2, 4};
    ASSERT_EQ(
        file->BuildOverviews("NEAREST", 2, const_cast<int*>(levels), 0, nullptr, nullptr, nullptr),
        CE_None);
  }
  expect_sound(path);
  cut(path, 0.95);  // overviews lie behind the pixels
  expect_damaged(path);
}

TEST_F(AuditFile, bags) {
  for (const char* name :
       {"newcastle_nh_tiny_sr_0.5m.bag", "seattle_wa_nrt_vr_gzip_epsg6339.bag"}) {
    const std::string source = test::shared_data() + "/bag/" + name;
    TOPOBATHY_NEED_FILE(source);
    const std::string path = copy(source, name);
    expect_sound(path);
    cut(path, 0.6);
    expect_damaged(path);
  }
}

TEST_F(AuditFile, every_packed_byte_of_a_bag_counts) {
  const std::string source = test::shared_data() + "/bag/newcastle_nh_sh2007_0.5m_mllw.bag";
  TOPOBATHY_NEED_FILE(source);
  const std::string path = copy(source, "a.bag");
  flip(path, 0.5, 4096);
  expect_damaged(path);
}

TEST_F(AuditFile, refinements_of_a_variable_resolution_bag) {
  const std::string source = test::shared_data() + "/bag/seattle_wa_nrt_vr_gzip_epsg6339.bag";
  TOPOBATHY_NEED_FILE(source);
  const std::string path = copy(source, "vr.bag");
  flip(path, 0.75, 512);  // their only chunk lies between 0.73 and 0.97 of this file
  const ForeignVerdict verdict = check(path);
  EXPECT_EQ(verdict.state, State::kDamaged);
  EXPECT_THAT(verdict.what, HasSubstr("varres_refinements does not read: "));
}

TEST_F(AuditFile, point_clouds) {
  for (const char* name : {"1.2-with-color.copc.laz", "autzen_trim.laz"}) {
    TOPOBATHY_NEED_LAZ(name);
    const std::string path = copy(lidar_file(name), name);
    expect_sound(path);
    flip(path, 0.4, 8192);  // colours alone would harm no reader
    expect_damaged(path);
    cut(path, 0.5);
    expect_damaged(path);
  }
}

TEST_F(AuditFile, laz_without_laszip_is_not_checked_and_not_damaged) {
  TOPOBATHY_NEED_FILE(lidar_file("autzen_trim.laz"));
  const testing_support::NoLaszip none;
  const ForeignVerdict verdict = check(lidar_file("autzen_trim.laz"));
  EXPECT_EQ(verdict.state, State::kNotChecked);
  EXPECT_THAT(verdict.what, HasSubstr("install it with utils/install_laszip.sh"));
}

TEST_F(AuditFile, ept_whose_node_is_missing) {
  const std::string source = lidar_file("ept/lone-star-laszip");
  TOPOBATHY_NEED_FILE(source);
  const std::string folder = directory_.path() + "/set";
  std::filesystem::copy(source, folder, std::filesystem::copy_options::recursive);
  expect_sound(folder + "/ept.json");
  std::filesystem::remove(folder + "/ept-data/0-0-0-0.laz");
  EXPECT_EQ(check(folder + "/ept.json").what, "node 0-0-0-0 is missing");
  std::ofstream(folder + "/ept.json") << "{";
  EXPECT_EQ(check(folder + "/ept.json", true).state, State::kDamaged);
}

TEST_F(AuditFile, side_cars) {
  expect_sound(write("a.tif.aux.xml", "<PAMDataset><Metadata/></PAMDataset>"));
  expect_damaged(write("b.tif.aux.xml", "<PAMDataset><Meta"));
  expect_damaged(write("c.tif.aux.xml", "<html></html>"));
}

TEST_F(AuditFile, shapefiles) {
  const std::string path = directory_.path() + "/index.shp";
  {
    const std::unique_ptr<GDALDataset> file(
        GetGDALDriverManager()
            ->GetDriverByName("ESRI Shapefile")
            ->Create(path.c_str(), 0, 0, 0, GDT_Unknown, nullptr));
    OGRLayer* const layer = file->CreateLayer("index", nullptr, wkbPoint, nullptr);
    for (int i = 0; i < 100; ++i) {
      OGRFeature feature(layer->GetLayerDefn());
      OGRPoint point(i, i);
      feature.SetGeometry(&point);
      ASSERT_EQ(layer->CreateFeature(&feature), OGRERR_NONE);
    }
  }
  expect_sound(path);
  cut(path, 0.5);
  expect_damaged(path);
}

}  // namespace
}  // namespace topobathy
