#include <gdal_priv.h>
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <utility>

#include "cache/test_directory.h"
#include "lidar_files.h"
#include "made_ept.h"
#include "providers/usgs_lidar/make_grid.h"
#include "refusal.h"

namespace topobathy {
namespace {

using namespace testing_support;

/// A cloud whose every point is ground: the sharp one of the test files is not classified.
class AllGround final : public PointCloud {
 public:
  explicit AllGround(std::unique_ptr<PointCloud> cloud) : cloud_(std::move(cloud)) {}
  const std::string& name() const noexcept override { return cloud_->name(); }
  const CloudFacts& facts() const noexcept override { return cloud_->facts(); }
  void read(const CrsBox& box, double spacing, const PointSink& sink) override {
    cloud_->read(box, spacing, [&](const LidarPoint* points, std::size_t count) {
      std::vector<LidarPoint> turned(points, points + count);
      for (LidarPoint& point : turned)
        point.classification = 2;
      sink(turned.data(), count);
    });
  }

 private:
  const std::unique_ptr<PointCloud> cloud_;
};

/// A grid file as GDAL reads it.
struct ReadGrid {
  explicit ReadGrid(const std::string& path) {
    const std::unique_ptr<GDALDataset, GDALDatasetUniquePtrDeleter> file(
        GDALDataset::Open(path.c_str()));
    if (!file) throw std::runtime_error("no grid at " + path);
    file->GetGeoTransform(transform.data());
    columns = file->GetRasterXSize(), rows = file->GetRasterYSize();
    crs = file->GetProjectionRef();
    for (std::vector<float>* band : {&elevation, &uncertainty}) {
      band->resize(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
      auto* const raster = file->GetRasterBand(band == &elevation ? 1 : 2);
      names.emplace_back(raster->GetDescription());
      nodata_is_nan = std::isnan(raster->GetNoDataValue());
      EXPECT_EQ(CE_None, raster->RasterIO(GF_Read, 0, 0, columns, rows, band->data(), columns, rows,
                                          GDT_Float32, 0, 0, nullptr));
    }
  }
  /// NaN outside.
  float at(double x, double y, bool second = false) const {
    const int column = static_cast<int>(std::floor((x - transform[0]) / transform[1]));
    const int row = static_cast<int>(std::floor((y - transform[3]) / transform[5]));
    if (column < 0 || column >= columns || row < 0 || row >= rows) return NAN;
    return (second ? uncertainty : elevation)[static_cast<std::size_t>(row * columns + column)];
  }

  std::array<double, 6> transform{};
  int columns = 0, rows = 0;
  std::string crs;
  std::vector<std::string> names;
  bool nodata_is_nan = false;
  std::vector<float> elevation, uncertainty;
};

bool same(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](float x, float y) {
           return x == y || (std::isnan(x) && std::isnan(y));
         });
}

ReadGrid grid_of(PointCloud& cloud, double nominal, const TestDirectory& directory,
                 const std::optional<CrsBox>& tile = std::nullopt) {
  const std::string path = directory.path() + "/grids/a.tif";
  make_grid(cloud, tile, nominal, path);
  EXPECT_EQ(1U, directory.files().size()) << "nothing is left beside it";
  return ReadGrid(path);
}

class LidarGrids : public testing::Test {
 protected:
  static void SetUpTestSuite() { GDALAllRegister(); }
};

TEST_F(LidarGrids, OfEptAndCopcAreTheSame) {
  TOPOBATHY_NEED_LAZ("lone-star.copc.laz");
  TOPOBATHY_NEED_LAZ("ept/lone-star-laszip/ept.json");
  const TestDirectory directory;
  AllGround a(copc("lone-star.copc.laz", "EPSG:26912")), b(ept("lone-star-laszip"));
  // So fine that both trees are read to their ends.
  const CrsBox tile{515360, 4918336, 515408, 4918384};
  const ReadGrid first = grid_of(a, 0.0625, directory, tile);
  const ReadGrid second = grid_of(b, 0.0625, directory, tile);
  EXPECT_EQ(first.transform, second.transform);
  EXPECT_TRUE(same(first.elevation, second.elevation));
  EXPECT_TRUE(same(first.uncertainty, second.uncertainty));
  EXPECT_EQ(768, first.columns);
}

TEST_F(LidarGrids, OfCoarseCellsAgreeThoughTheTreesThinOutDifferently) {
  TOPOBATHY_NEED_LAZ("lone-star.copc.laz");
  TOPOBATHY_NEED_LAZ("ept/lone-star-laszip/ept.json");
  const TestDirectory directory;
  AllGround a(copc("lone-star.copc.laz", "EPSG:26912")), b(ept("lone-star-laszip"));
  const CrsBox tile{515360, 4918336, 515408, 4918384};
  for (const double cell : {0.25, 0.5, 1.0, 2.0, 4.0}) {
    const ReadGrid first = grid_of(a, cell, directory, tile);
    const ReadGrid second = grid_of(b, cell, directory, tile);
    double worst = 0.0, sum = 0.0;
    int cells = 0;
    for (std::size_t i = 0; i < first.elevation.size(); ++i) {
      const double difference = std::abs(first.elevation[i] - second.elevation[i]);
      if (std::isnan(difference)) continue;
      worst = std::max(worst, difference);
      sum += difference;
      ++cells;
    }
    ASSERT_LT(0, cells);
    EXPECT_LT(sum / cells, 0.3) << cell;
    EXPECT_LT(worst, 8.0) << cell << ": the geyser's cone is steep";
  }
}

TEST_F(LidarGrids, OfTilesAreTheGridOfTheWhole) {
  TOPOBATHY_NEED_LAZ("ept/lone-star-laszip/ept.json");
  const TestDirectory directory;
  AllGround cloud(ept("lone-star-laszip"));
  const ReadGrid whole = grid_of(cloud, 0.5, directory);
  for (double west = 515360; west < 515408; west += 16)
    for (double south = 4918336; south < 4918384; south += 16) {
      const ReadGrid tile =
          grid_of(cloud, 0.5, directory, CrsBox{west, south, west + 16, south + 16});
      EXPECT_EQ(32, tile.columns);
      EXPECT_EQ(32, tile.rows);
      for (double x = west + 0.25; x < west + 16; x += 0.5)
        for (double y = south + 0.25; y < south + 16; y += 0.5) {
          const float expected = whole.at(x, y), got = tile.at(x, y);
          EXPECT_TRUE(expected == got || (std::isnan(expected) && std::isnan(got)));
        }
    }
}

TEST_F(LidarGrids, AreMetresWhereTheCloudIsInFeet) {
  TOPOBATHY_NEED_LAZ("autzen_trim.laz");
  const TestDirectory directory;
  const auto cloud = copc("autzen_trim.laz");
  const ReadGrid grid = grid_of(*cloud, 2.0, directory);
  EXPECT_EQ(4.0, grid.transform[1]) << "feet: 1.2 m; 8 feet would be more than 2 m";
  EXPECT_EQ(0.0, std::fmod(grid.transform[0], 4.0));
  EXPECT_EQ((std::vector<std::string>{"Elevation", "Uncertainty"}), grid.names);
  EXPECT_TRUE(grid.nodata_is_nan);
  EXPECT_NE(std::string::npos, grid.crs.find("Lambert"));
  // The mean of a cell by hand.
  double sum = 0.0;
  int count = 0;
  const double west = 636400, south = 849200;
  for (const LidarPoint& point : points_of(*cloud))
    if (point.classification == 2 && point.x >= west && point.x < west + 4 && point.y >= south &&
        point.y < south + 4) {
      sum += point.z * 0.3048;
      ++count;
    }
  ASSERT_LT(0, count);
  EXPECT_NEAR(sum / count, grid.at(west + 1, south + 1), 1e-4);
  int valid = 0;
  for (const float value : grid.elevation) {
    if (std::isnan(value)) continue;
    ++valid;
    EXPECT_LT(120.0F, value);
    EXPECT_GT(165.0F, value);
  }
  EXPECT_LT(5000, valid);
}

TEST_F(LidarGrids, StateTheMetricSisterOfTheFilesHeights) {
  TOPOBATHY_NEED_LAZ("1.2-with-color.copc.laz");
  const TestDirectory directory;
  const auto cloud = copc("1.2-with-color.copc.laz");
  const ReadGrid grid = grid_of(*cloud, 2.0, directory);
  EXPECT_EQ(128.0, grid.transform[1]) << "its points lie 121 units apart";
  EXPECT_NE(std::string::npos, grid.crs.find("NAVD88 height")) << grid.crs;
  EXPECT_EQ(std::string::npos, grid.crs.find("US survey foot")) << grid.crs;
}

std::vector<LidarPoint> slope(int count) {
  std::vector<LidarPoint> points;
  for (int i = 0; i < count; ++i) {
    LidarPoint point;
    point.x = 0.5 + (i * 7919) % 1021;
    point.y = 0.5 + (i * 104729) % 1019;
    point.z = 10 + point.x / 100;
    point.classification = static_cast<std::uint8_t>(i % 10 == 0 ? 40 : i % 10 == 1 ? 5 : 2);
    point.withheld = i % 10 == 2;
    points.push_back(point);
  }
  return points;
}

TEST_F(LidarGrids, OfBinaryAndZstandardNeedNoLaszip) {
  const NoLaszip missing;
  const std::vector<LidarPoint> points = slope(20000);
  for (const auto& [data, gzip] : {std::pair("binary", false), std::pair("zstandard", true)}) {
    MadeEpt made;
    made.data = data;
    made.gzip = gzip;
    const TestDirectory set, directory;
    write_files(set.path(), made.files(points));
    const auto cloud = open_ept_cloud(local_ept_files(set.path()));
    EXPECT_TRUE(sorted(points) == sorted(points_of(*cloud))) << data;
    EXPECT_EQ("EPSG:5703", cloud->facts().crs.heights);
    const ReadGrid grid = grid_of(*cloud, 16.0, directory, CrsBox{0, 0, 1024, 1024});
    EXPECT_EQ(64, grid.columns);
    EXPECT_NEAR(10 + 4.72, grid.at(472, 200), 0.1);
  }
}

TEST_F(LidarGrids, AreWholeOrNotThere) {
  const TestDirectory set, directory;
  auto files = MadeEpt().files(slope(1000));
  write_files(set.path(), files);
  std::filesystem::remove(set.path() + "/ept-data/1-0-0-0.bin");
  const auto cloud = open_ept_cloud(local_ept_files(set.path()));
  const std::string path = directory.path() + "/grids/a.tif";
  refusal(ErrorCode::kUnreadable, [&] { make_grid(*cloud, CrsBox{0, 0, 1024, 1024}, 1.0, path); });
  EXPECT_TRUE(directory.files().empty());
  write_files(set.path(), files);
  const std::string blocked = directory.path() + "/file";
  write_files(directory.path(), {{"file", "in the way"}});
  const std::string message = refusal(ErrorCode::kCache, [&] {
    make_grid(*cloud, CrsBox{0, 0, 1024, 1024}, 1.0, blocked + "/a.tif");
  });
  EXPECT_EQ(0U,
            message.find("'" + blocked + "/a.tif': the grid of a point cloud cannot be written"))
      << message;
}

}  // namespace
}  // namespace topobathy
